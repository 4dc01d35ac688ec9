import { createRequire } from 'node:module'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'
import { StandardOutput } from './standard-output.ts'

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
