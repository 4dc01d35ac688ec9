import { Environment } from '../../schemas/environment.ts'
import { attempt, listOf, type SettingsSource } from '../config/settings-source.ts'
import { PriceError } from './errors.ts'
import { builtInSources, type RateSource, resolveSources } from './sources.ts'
import { parseUsd } from './usd.ts'

/** The assumed bitcoin price where invoices are play money. */
const DEVELOPMENT_RATE_USD = '100000'

/** Where the price of a bitcoin comes from, in micro-dollars. */
export type RateConfig =
  /** Nothing is sold in bitcoin, so no rate is needed. */
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
 * @param invoices what invoices are: real ones need a real rate
 */
export function readRate(source: SettingsSource, invoices: 'lnd' | 'embedded' | 'off'): RateConfig {
  const { environment, production, problems } = source
  if (production && environment.BTC_USD_FIXED !== undefined)
    problems.push('BTC_USD_FIXED: is not allowed in production; unset it to use the price sources')
  if (environment.BTC_USD_MAX_AGE_SECONDS < environment.BTC_USD_REFRESH_SECONDS)
    problems.push('BTC_USD_MAX_AGE_SECONDS: must be at least BTC_USD_REFRESH_SECONDS')
  if (environment.BTC_USD_FIXED !== undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: fixedRate(source, environment.BTC_USD_FIXED), why: 'BTC_USD_FIXED' }
  if (invoices === 'off') return { kind: 'off' }
  if (invoices === 'embedded' && environment.BTC_USD_SOURCES === undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: parseUsd(DEVELOPMENT_RATE_USD), why: 'development rate' }
  return {
    kind: 'sources',
    sources: readSources(source),
    refreshSeconds: environment.BTC_USD_REFRESH_SECONDS,
    maxAgeSeconds: environment.BTC_USD_MAX_AGE_SECONDS
  }
}

function fixedRate(source: SettingsSource, value: string): bigint {
  const expected = Environment.properties.BTC_USD_FIXED.description ?? ''
  return attempt(source, 'BTC_USD_FIXED', expected, () => parseUsd(value)) ?? 1n
}

function readSources({ environment: { BTC_USD_SOURCES: value }, problems }: SettingsSource): readonly RateSource[] {
  if (value === undefined) return builtInSources
  try {
    return resolveSources(listOf(value))
  } catch (error) {
    if (!(error instanceof PriceError)) throw error
    problems.push(`BTC_USD_SOURCES: ${error.message}`)
    return []
  }
}
