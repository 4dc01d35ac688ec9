/** The figures that Prometheus reads, after real purchases over both rails. */
import { buy, workout } from '../../support/purchase.ts'
import { GAS_METRICS, scrape } from '../../support/scrape.ts'
import { isSold } from '../../support/x402/checks.ts'
import { changed } from '../../support/x402/client.ts'
import { scenario } from '../../support/x402/scenario.ts'

const settings = { METRICS: 'on', METRICS_PORT: '0' }
const PRICE = 100_000

scenario('both rails, in figures', { modes: ['facilitator and chain', 'self'], settings }, async (t, service) => {
  const { app, client, chain, mode } = service
  const order = await client.order()
  await isSold(t, await client.sendPatiently(order), service)
  const { status } = await client.send(
    changed(order, ({ payload }) => {
      payload.authorization.value = '1'
    })
  )
  t.equal(status, 402)
  await buy(app, workout())

  const scraped = await scrape(app)
  const { network, asset } = chain.embedded
  const sum = scraped.sum.bind(scraped)
  const dollars = { rail: 'x402', asset: `${network}/${asset}` }
  t.equal(sum('power_oracle_payments_taken_total', dollars), 1)
  t.equal(sum('power_oracle_money_taken_units_total', dollars), PRICE)
  t.equal(sum('power_oracle_money_taken_units_total', { rail: 'l402', asset: 'msat' }), 100_000)
  t.equal(sum('power_oracle_proofs_total', { rail: 'x402', outcome: 'captured' }), 1)
  t.ok((sum('power_oracle_proofs_total', { rail: 'x402', outcome: 'refused' }) ?? 0) >= 1)
  t.ok((sum('power_oracle_offers_total', { rail: 'x402' }) ?? 0) >= 2)
  t.equal(sum('power_oracle_component_status', { component: 'x402', status: 'ok' }), 1)
  t.ok((sum('power_oracle_call_duration_seconds_count', { peer: 'rpc' }) ?? 0) > 0, 'the chain was asked')
  if (mode === 'self') {
    t.equal(sum('power_oracle_settlements_under_way'), 0)
    for (const name of GAS_METRICS) t.match(scraped.text, new RegExp(`^${name} [0-9]`, 'm'))
    t.ok((sum('power_oracle_gas_balance_wei') ?? 0) > 0)
    t.equal(sum('power_oracle_call_duration_seconds_count', { call: 'eth_sendRawTransaction' }), 1)
  } else {
    t.equal(sum('power_oracle_call_duration_seconds_count', { peer: 'facilitator', call: 'settle' }), 1)
    t.ok((sum('power_oracle_call_duration_seconds_count', { peer: 'facilitator', call: 'verify' }) ?? 0) >= 1)
  }
  t.equal(client.leaksIn(scraped.text), 0, 'no secret and no athlete')
  for (const address of [order.payment.from, order.payment.nonce]) t.notMatch(scraped.text, address)
})

scenario(
  'a payment that is left open is a figure with an age',
  { modes: ['facilitator'], settings, sold: 0, pending: 1 },
  async (t, service) => {
    const { app, client, facilitator } = service
    facilitator.fail('settle', { kind: 'status', status: 500, worked: false, calls: 1 })
    const { status } = await client.send(await client.order())
    t.equal(status, 503)
    const scraped = await scrape(app)
    t.equal(scraped.sum('power_oracle_payments_pending', { rail: 'x402', state: 'unknown' }), 1)
    t.equal(scraped.sum('power_oracle_money_owed_units', { rail: 'x402', reason: 'outcome_unknown' }), PRICE)
    t.equal(scraped.sum('power_oracle_proofs_total', { outcome: 'settlement_pending' }), 1)
    t.equal(
      scraped.sum('power_oracle_call_failures_total', {
        peer: 'facilitator',
        call: 'settle',
        reason: 'FacilitatorFailure'
      }),
      1
    )
  }
)
