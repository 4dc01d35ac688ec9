import type { RateConfig } from '../price/price-settings.ts'
import { formatUsd } from '../price/usd.ts'
import type { ServerSettings } from '../server/server-settings.ts'

/**
 * The message after a development start: what is play money, and commands that buy an answer.
 * @param rails the lines of the rails
 */
export function welcome(
  url: string,
  config: Pick<ServerSettings, 'priceMicroUsd'> & { readonly rate: RateConfig },
  rails: readonly string[]
): string {
  const lines = [
    '',
    `Power Oracle listens on ${url}, ${formatUsd(config.priceMicroUsd.compute_power)} USD an answer.`,
    `Open ${url}/ in a browser to try it.`
  ]
  if (config.rate.kind === 'fixed')
    lines.push(`One bitcoin is taken as ${formatUsd(config.rate.rateMicroUsdPerBtc)} USD (${config.rate.why}).`)
  return [...lines, ...rails, '', ''].join('\n')
}
