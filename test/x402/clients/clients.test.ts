/** Clients that nobody here wrote, unmodified: each pays once, and exactly the price. */
import { join } from 'node:path'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import t from 'tap'
import { privateKeyToAccount } from 'viem/accounts'
import { isSold } from '../../support/x402/checks.ts'
import { SURE } from '../../support/x402/environment.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'
import { noPython, python, run } from './python.ts'

const PATH = '/v1/compute-power'
const BUY = join(import.meta.dirname, 'buy.py')

/** `@x402/fetch` with the payer's key, and the token named or not. */
function fetchOf({ chain }: X402Service, isNamed: boolean): typeof fetch {
  const { network, asset } = chain.embedded
  const client = new ExactEvmScheme(privateKeyToAccount(chain.payer.key))
  return wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: 'eip155:*', client }],
    ...(isNamed && { spendControls: { allowedAssets: [{ network, asset }] } })
  }) as typeof fetch
}

scenario('@x402/fetch buys an answer', { modes: SURE }, async (t, service) => {
  const { client } = service
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: client.workout() }
  const response = await fetchOf(service, true)(client.url + PATH, init)
  const answer = { status: response.status, headers: response.headers, text: await response.text() }
  client.bought.push(answer)
  await isSold(t, answer, service)
})

scenario(
  '@x402/fetch pays in no token that its owner has not named',
  { modes: ['self'], sold: 0 },
  async (t, service) => {
    const { client } = service
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: client.workout() }
    await t.rejects(fetchOf(service, false)(client.url + PATH, init), /allowedAssets/)
  }
)

if (noPython !== false) t.test('PyPI x402 buys an answer', { skip: noPython }, async () => {})
else
  scenario('PyPI x402 buys an answer', { modes: SURE }, async (t, service) => {
    const { client, chain } = service
    const { network, asset } = chain.embedded
    const args = [BUY, client.url + PATH, network, asset]
    const said = await run(python, args, client.workout(), { PAYER_KEY: chain.payer.key })
    const [, status, receipt = '', text = ''] = /^(\d+) (\S+)\n(.*)\n$/s.exec(said) ?? []
    const answer = { status: Number(status), headers: new Headers({ 'payment-response': receipt }), text }
    client.bought.push(answer)
    await isSold(t, answer, service)
  })
