import { LightningError } from './lightning-error.ts'

/** The promise's own outcome, or a `LightningError` `timeout` after `limitMs`; a later outcome is dropped. */
export function withTimeLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LightningError('timeout', 'the node did not answer in time')), limitMs)
    timer.unref()
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
