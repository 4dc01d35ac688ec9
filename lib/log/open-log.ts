import { createRequire } from 'node:module'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'

/** Options of pino, and a destination other than standard output. */
export type LogSettings = LoggerOptions & { readonly stream?: DestinationStream }

/** The service's log. */
export function openLog({ stream, ...options }: LogSettings): Logger {
  // A CommonJS package: an import would make Node read it twice, once for its names.
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino')
  return stream === undefined ? pino(options) : pino(options, stream)
}
