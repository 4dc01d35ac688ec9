import { Type } from '@sinclair/typebox'
import { text, wholeNumber } from '../../schemas/setting.ts'
import { attempt, listOf, type SettingsSource } from '../config/settings-source.ts'
import { PriceError } from './errors.ts'
import { builtInSources, type RateSource, resolveSources } from './sources.ts'
import { parseUsd } from './usd.ts'

/** The assumed bitcoin price for play money. */
const DEVELOPMENT_RATE_USD = '100000'

const RATE = {
  pattern: '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,6})?$',
  description: 'a decimal amount of US dollars above zero, with at most 6 decimals'
}

const VARIABLES = {
  BTC_USD_SOURCES: text('^[^\\s,](.*\\S)?$', 'names or URLs of price sources, comma-separated'),
  BTC_USD_FIXED: Type.Optional(Type.String(RATE)),
  BTC_USD_REFRESH_SECONDS: wholeNumber(1, 86_400, 60),
  BTC_USD_MAX_AGE_SECONDS: wholeNumber(1, 604_800, 900)
}

/** What a rail takes in bitcoin: real ones, or the play money of a development wallet. */
export type BitcoinPayments = 'real' | 'play'

/** The source of the bitcoin price, in micro-dollars. */
export type RateConfig =
  /** Nothing is sold in bitcoin, so no rate is required. */
  | { readonly kind: 'off' }
  | { readonly kind: 'fixed'; readonly rateMicroUsdPerBtc: bigint; readonly why: string }
  | {
      readonly kind: 'sources'
      readonly sources: readonly RateSource[]
      readonly refreshSeconds: number
      readonly maxAgeSeconds: number
    }

/**
 * Reads where the price of a bitcoin comes from.
 * @param payments undefined where nothing is sold in bitcoin; real ones need a real rate
 */
export function readRate(source: SettingsSource, payments: BitcoinPayments | undefined): RateConfig {
  const { production, problems } = source
  const { environment } = source.read(VARIABLES)
  if (production && environment.BTC_USD_FIXED !== undefined)
    problems.push('BTC_USD_FIXED: is not allowed in production; unset it to use the price sources')
  if (environment.BTC_USD_MAX_AGE_SECONDS < environment.BTC_USD_REFRESH_SECONDS)
    problems.push('BTC_USD_MAX_AGE_SECONDS: must be at least BTC_USD_REFRESH_SECONDS')
  if (environment.BTC_USD_FIXED !== undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: fixedRate(source, environment.BTC_USD_FIXED), why: 'BTC_USD_FIXED' }
  if (payments === undefined) return { kind: 'off' }
  if (payments === 'play' && environment.BTC_USD_SOURCES === undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: parseUsd(DEVELOPMENT_RATE_USD), why: 'development rate' }
  return {
    kind: 'sources',
    sources: readSources(source, environment.BTC_USD_SOURCES),
    refreshSeconds: environment.BTC_USD_REFRESH_SECONDS,
    maxAgeSeconds: environment.BTC_USD_MAX_AGE_SECONDS
  }
}

function fixedRate(source: SettingsSource, value: string): bigint {
  return attempt(source, 'BTC_USD_FIXED', RATE.description, () => parseUsd(value)) ?? 1n
}

function readSources({ problems }: SettingsSource, value: string | undefined): readonly RateSource[] {
  if (value === undefined) return builtInSources
  try {
    return resolveSources(listOf(value))
  } catch (error) {
    if (!(error instanceof PriceError)) throw error
    problems.push(`BTC_USD_SOURCES: ${error.message}`)
    return []
  }
}
