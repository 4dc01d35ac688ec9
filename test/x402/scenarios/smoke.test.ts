import t from 'tap'
import { startApp, workout } from '../../app/purchase.ts'
import { noAnvil, startTestChain } from '../fixtures/anvil.ts'
import { startFacilitator } from '../fixtures/facilitator.ts'
import { signHeader } from '../fixtures/payer.ts'

t.test('a purchase in dollars', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const facilitator = await startFacilitator(t, chain)
  const { asset, payTo, network } = chain.embedded
  const app = await startApp(t, {
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    X402_PAY_TO: payTo,
    X402_NETWORK: network,
    X402_ASSET: asset,
    X402_ASSET_NAME: 'USD Coin',
    X402_ASSET_VERSION: '2',
    PUBLIC_URL: 'https://power.example'
  })
  const body = workout()
  const post = (headers = {}) => app.inject({ method: 'POST', url: '/v1/compute-power', payload: body, headers })
  const unpaid = await post()
  t.equal(unpaid.statusCode, 402)
  t.ok(unpaid.headers['www-authenticate'])
  const required = JSON.parse(Buffer.from(String(unpaid.headers['payment-required']), 'base64').toString())
  t.match(required, { x402Version: 2, accepts: [{ amount: '100000', payTo }] })
  t.match(unpaid.json(), required)
  const signature = await signHeader(chain.payer.key, required.accepts[0])
  const before = await chain.balance(payTo)
  const paid = await post({ 'payment-signature': signature })
  t.equal(paid.statusCode, 200, paid.body.slice(0, 300))
  t.ok(paid.headers['payment-response'])
  t.equal((await chain.balance(payTo)) - before, 100_000n)
  const again = await post({ 'payment-signature': signature })
  t.equal(again.statusCode, 402, again.body.slice(0, 300))
  t.equal((await chain.balance(payTo)) - before, 100_000n)
})
