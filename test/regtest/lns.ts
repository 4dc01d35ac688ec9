/** `ln-service` has no types of its own: they are those of the `lightning` package, which it re-exports. */
import { createRequire } from 'node:module'
import type { AuthenticatedLnd } from 'lightning'

export type { AuthenticatedLnd }

export const lns: typeof import('lightning') = createRequire(import.meta.url)('ln-service')
