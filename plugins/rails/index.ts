import type { RailModule } from '../payment/rails.ts'
import l402, { type L402RailSettings } from './l402/index.ts'
import x402, { type X402Settings } from './x402/index.ts'

/** The rails that this program has, in the order offered: each is a folder here. `app.ts` and `config.ts` read the list. */
export const RAILS: readonly RailModule[] = [l402, x402]

/** The settings of all of them. */
export interface RailSettings extends L402RailSettings, X402Settings {}
