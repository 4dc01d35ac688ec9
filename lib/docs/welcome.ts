import type { Config } from '../../config.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import { formatUsd } from '../price/usd.ts'

/** The message after a development start: what is play money, and commands that buy an answer. */
export function welcome(url: string, config: Config): string {
  const lines = ['', `Power Oracle listens on ${url}, ${formatUsd(config.priceMicroUsd.compute_power)} USD an answer.`]
  if (config.rate.kind === 'fixed')
    lines.push(`One bitcoin is taken as ${formatUsd(config.rate.rateMicroUsdPerBtc)} USD (${config.rate.why}).`)
  if (config.x402.kind === 'embedded')
    lines.push(`Dollars are play money (X402=embedded): ${url}/dev/x402 describes the chain and a funded payer.`)
  if (config.lightning.kind !== 'embedded') return `${lines.join('\n')}\n\n`
  const body = JSON.stringify(computePowerExample)
  return `${[
    ...lines,
    'Invoices are play money (LIGHTNING=embedded). Paste these lines to buy an answer:',
    '',
    `  BODY='${body}'`,
    `  CHALLENGE=$(curl -s ${url}/v1/compute-power -H 'content-type: application/json' -d "$BODY")`,
    `  INVOICE=$(node -pe 'JSON.parse(process.argv[1]).invoice' "$CHALLENGE")`,
    `  MACAROON=$(node -pe 'JSON.parse(process.argv[1]).macaroon' "$CHALLENGE")`,
    `  PAID=$(curl -s ${url}/dev/lightning/pay -H 'content-type: application/json' -d "{\\"invoice\\":\\"$INVOICE\\"}")`,
    `  PREIMAGE=$(node -pe 'JSON.parse(process.argv[1]).preimage' "$PAID")`,
    `  curl -s ${url}/v1/compute-power -H 'content-type: application/json' -d "$BODY" -H "Authorization: L402 $MACAROON:$PREIMAGE"`,
    '',
    ''
  ].join('\n')}`
}
