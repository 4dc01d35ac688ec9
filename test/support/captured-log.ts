import { Writable } from 'node:stream'

/** A stream for a service's log that records everything written to it. */
export interface WrittenLog {
  readonly stream: Writable
  readonly text: () => string
}

export function writtenLog(): WrittenLog {
  let log = ''
  const stream = new Writable({
    write(chunk, _, done) {
      log += chunk
      done()
    }
  })
  return { stream, text: () => log }
}
