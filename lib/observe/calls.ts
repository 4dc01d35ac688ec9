import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'

/** A timed piece of work. Its names are constants of this program or its settings. */
export interface Work {
  /** The peer: `lnd`, `facilitator`, `rpc`, `price`, `redis`, `postgres`, `sqlite`, `billing`. */
  readonly peer: string
  /** The operation: a method's name, never an argument. */
  readonly name: string
  /** From `performance.now()`. */
  readonly startedMs: number
  /** Set when the work has failed. */
  readonly error?: unknown
}

/** Calls to other programs: measured in time and failures, and spans of a trace. */
export const calls: TracingChannel<unknown, Work> = tracingChannel('power-oracle:calls')

/** Stages in this process and its database: only spans of a trace. */
export const stages: TracingChannel<unknown, Work> = tracingChannel('power-oracle:stages')

/** Makes a call visible to listeners; without listeners it costs one comparison. */
export function observeCall<T>(peer: string, name: string, run: () => Promise<T>): Promise<T> {
  return calls.hasSubscribers ? calls.tracePromise(run, { peer, name, startedMs: performance.now() }) : run()
}

/** Runs a stage of a request visible to listeners; without listeners it costs one comparison. */
export function observeStage<T>(peer: string, name: string, run: () => Promise<T>): Promise<T> {
  return stages.hasSubscribers ? stages.tracePromise(run, { peer, name, startedMs: performance.now() }) : run()
}

/** The same for a stage that waits for nothing. */
export function observeStep<T>(peer: string, name: string, run: () => T): T {
  if (!stages.hasSubscribers) return run()
  const work: Work = { peer, name, startedMs: performance.now() }
  return stages.start.runStores(work, () => {
    try {
      return run()
    } finally {
      stages.asyncEnd.publish(work)
    }
  })
}

/** Why work failed, as one word: the error's code if it is a word, otherwise its name; never its message. */
export function failureOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  if (typeof code === 'string' && WORD.test(code)) return code
  return typeof name === 'string' && WORD.test(name) ? name : 'Error'
}

const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
