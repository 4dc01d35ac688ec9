import { type Static, Type } from '@sinclair/typebox'
import { JsonObject, named } from './naming.ts'
import { StringEnum } from './quantity.ts'

export const PricedRouteTerms = Type.Object(
  {
    method: Type.String({ description: 'HTTP method.' }),
    path: Type.String({ description: 'Path, with its parameters in braces.' }),
    price_usd: Type.String({ description: 'Decimal US dollars.' }),
    price_sats: Type.Optional(
      Type.Integer({ description: 'Current price over Lightning; absent while that rail is off.' })
    ),
    offers: named(
      JsonObject,
      "By rail, in the rail's own terms: sats for l402; network, asset, pay_to and amount for x402."
    )
  },
  { title: 'PricedRoute', description: 'A paid route and its price.', additionalProperties: false }
)

/** The price of every paid route, on every rail. */
export const PaymentRequirements = Type.Object(
  {
    routes: Type.Array(PricedRouteTerms, { description: 'Every paid route.' }),
    rails: Type.Record(
      Type.String(),
      Type.Object(
        {
          status: StringEnum(['ok', 'degraded', 'off'], { open: 'here' }),
          reason: Type.Optional(Type.String({ description: 'Why it is not `ok`.' }))
        },
        { title: 'RailState', description: 'Whether a rail sells.', additionalProperties: false }
      ),
      { description: 'Payment methods by name.' }
    ),
    btc_usd: Type.Optional(
      Type.Object(
        {
          rate: Type.String({ description: 'US dollars for one bitcoin.' }),
          fixed: Type.Boolean({ description: 'Whether the rate is configured, as in development.' }),
          sources: Type.Integer({ description: 'Number of public sources that agree.' }),
          age_seconds: Type.Integer({ description: 'Age of the rate.' })
        },
        { title: 'BitcoinRate', description: 'The rate behind prices in sats.', additionalProperties: false }
      )
    )
  },
  {
    title: 'PaymentRequirements',
    description: 'What every paid route costs, on every rail.',
    additionalProperties: false,
    examples: [
      {
        routes: [
          {
            method: 'POST',
            path: '/v1/compute-power',
            price_usd: '0.10',
            price_sats: 100,
            offers: {
              l402: { price_sats: 100 },
              x402: {
                scheme: 'exact',
                network: 'eip155:8453',
                asset: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
                asset_name: 'USD Coin',
                pay_to: '0x0000000000000000000000000000000000000001',
                amount: '100000',
                max_timeout_seconds: 300
              }
            }
          }
        ],
        rails: { l402: { status: 'ok' }, x402: { status: 'ok' } },
        btc_usd: { rate: '100000.00', fixed: true, sources: 0, age_seconds: 0 }
      }
    ]
  }
)
export type PaymentRequirements = Static<typeof PaymentRequirements>
