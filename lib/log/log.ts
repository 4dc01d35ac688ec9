import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isatty } from 'node:tty'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'

const { O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants
const STANDARD_OUTPUT = 1
const MAX_KEPT_BYTES = 1024 * 1024
const RETRY_MS = 50
/** How long an ending process waits for a reader that reads none of its last lines, and for one that reads slowly. */
const UNREAD_MS = 1000
const LAST_LINES_MS = 4000
/** A socket holds about 200 kB: longer pauses would make an attentive reader wait, and lose lines to the limit. */
const LAST_RETRY_MS = 2

/**
 * Standard output that neither blocks nor fails: a closed or stalled reader or a full disk costs only log lines. Up to
 * 1 MiB is buffered; newer lines are dropped and counted.
 */
export class StandardOutput {
  readonly isTerminal = isatty(STANDARD_OUTPUT)
  readonly #fd = nonBlocking(STANDARD_OUTPUT)
  readonly #kept: Buffer[] = []
  #keptBytes = 0
  #dropped = 0
  #retry: NodeJS.Timeout | undefined
  #onReturn: (droppedCount: number) => void = () => {}

  constructor() {
    process.once('exit', () => this.#writeLast())
  }

  /** @param report called once after each loss, when output works again, with the number of dropped lines */
  onReturn(report: (droppedCount: number) => void): void {
    this.#onReturn = report
  }

  write(text: string): void {
    const bytes = Buffer.from(text)
    if (this.#kept.length > 0 && this.#keptBytes + bytes.length > MAX_KEPT_BYTES) {
      this.#dropped += 1
      return
    }
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    if (this.#retry === undefined) this.#writeKept()
  }

  /** @returns whether the buffer is empty */
  #writeKept(): 'all' | 'more' | 'failed' {
    this.#retry = undefined
    try {
      for (let bytes = this.#kept[0]; bytes !== undefined; bytes = this.#kept[0]) {
        const written = writeSync(this.#fd, bytes)
        this.#keptBytes -= written
        if (written < bytes.length) this.#kept[0] = bytes.subarray(written)
        else this.#kept.shift()
      }
    } catch (error) {
      this.#retry = setTimeout(() => this.#writeKept(), RETRY_MS).unref()
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'more' : 'failed'
    }
    const dropped = this.#dropped
    this.#dropped = 0
    if (dropped > 0) this.#onReturn(dropped)
    return 'all'
  }

  #writeLast(): void {
    const still = new Int32Array(new SharedArrayBuffer(4))
    const end = performance.now() + LAST_LINES_MS
    let unread = this.#keptBytes
    let giveUp = performance.now() + UNREAD_MS
    while (this.#writeKept() === 'more' && performance.now() < Math.min(end, giveUp)) {
      if (this.#keptBytes < unread) {
        unread = this.#keptBytes
        giveUp = performance.now() + UNREAD_MS
      }
      Atomics.wait(still, 0, 0, LAST_RETRY_MS)
    }
  }
}

/**
 * Pipes, terminals and devices are opened a second time; otherwise the non-blocking flag would be shared with every
 * process that writes to them. Sockets cannot be reopened; Node sets the flag when it creates a stream.
 */
function nonBlocking(fd: number): number {
  try {
    const file = fstatSync(fd)
    if (file.isFIFO() || file.isCharacterDevice())
      return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    // The system has no such file, permission is missing, or the pipe has no reader.
  }
  return process.stdout.fd
}

/** Options of pino and a destination, by default standard output. */
export type LogSettings = LoggerOptions & { readonly stream?: DestinationStream | StandardOutput }

const require = createRequire(import.meta.url)

/** The service's log: one JSON object per line, and text on a terminal. */
export function openLog({ stream = new StandardOutput(), ...options }: LogSettings): Logger {
  // A CommonJS package: Node would read an import twice, once for its names.
  const { pino } = require('pino') as typeof import('pino')
  if (!(stream instanceof StandardOutput)) return pino(options, stream)
  const log = pino(options, stream.isTerminal ? asText(stream) : stream)
  stream.onReturn((droppedCount) => log.warn({ droppedCount }, 'standard output accepted no log lines for a while'))
  return log
}

function asText(stream: StandardOutput): DestinationStream {
  const { prettyFactory } = require('pino-pretty') as typeof import('pino-pretty')
  const pretty = prettyFactory({})
  return { write: (line) => stream.write(pretty(line)) }
}
