/** What a start refuses, what it takes, and what a new price does to payments that were signed before it. */
import t, { type Test } from 'tap'
import { loadConfig } from '../../../config.ts'
import { ConfigError } from '../../../lib/config/settings-source.ts'
import { isOffer, isSold } from '../../support/x402/checks.ts'
import { requiredOf } from '../../support/x402/client.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'

const TOKEN = `0x${'5a'.repeat(20)}`
const TEST_TOKEN = {
  X402_PAY_TO: TOKEN,
  X402_NETWORK: 'eip155:84532',
  X402_ASSET: TOKEN,
  X402_ASSET_NAME: 'USDC',
  X402_ASSET_VERSION: '2',
  X402_ASSET_DECIMALS: '6'
}
const FACILITATOR = { X402: 'facilitator', X402_FACILITATOR_URL: 'https://facilitator.example' }
const SELF = { X402: 'self', X402_RPC_URL: 'https://rpc.example', X402_SIGNER_KEY: '5a'.repeat(32) }

const REFUSED: [name: string, settings: Record<string, string>, line: RegExp][] = [
  ['the development chain', { X402: 'embedded' }, /^X402: /],
  ['no payee', { ...FACILITATOR }, /^X402_PAY_TO: is required/],
  ['no facilitator', { X402: 'facilitator', X402_PAY_TO: TOKEN }, /^X402_FACILITATOR_URL: is required/],
  ['a test network by a facilitator', { ...FACILITATOR, ...TEST_TOKEN }, /^X402_NETWORK: is a test network/],
  ['a test network by itself', { ...SELF, ...TEST_TOKEN }, /^X402_NETWORK: is a test network/],
  ['a local network', { ...SELF, ...TEST_TOKEN, X402_NETWORK: 'eip155:31337' }, /^X402_NETWORK: is a test network/],
  ['no gas key', { ...SELF, X402_PAY_TO: TOKEN, X402_SIGNER_KEY: '' }, /^X402_SIGNER_KEY: is required/],
  ['no node', { ...SELF, X402_PAY_TO: TOKEN, X402_RPC_URL: '' }, /^X402_RPC_URL: is required/],
  [
    'nobody but the facilitator',
    { ...FACILITATOR, X402_PAY_TO: TOKEN },
    /^X402_RPC_URL: is required with X402=facilitator in/
  ],
  [
    'half a gas key',
    { ...SELF, X402_PAY_TO: TOKEN, X402_SIGNER_KEY: '5a5a' },
    /^X402_SIGNER_KEY: must be 64 hex digits$/
  ],
  [
    'a network without its token',
    { ...FACILITATOR, X402_PAY_TO: TOKEN, X402_NETWORK: 'eip155:137' },
    /^X402_ASSET: is required/
  ]
]

t.test('in production a start refuses', async (t) => {
  const production = { NODE_ENV: 'production', LIGHTNING: 'off', DATABASE_URL: 'sqlite::memory:' }
  for (const [name, settings, line] of REFUSED) {
    const problems = problemsOf({ ...production, ...settings })
    t.ok(
      problems.some((problem) => line.test(problem)),
      `${name}: ${problems.join(' / ')}`
    )
    t.notMatch(problems.join(), '5a5a', 'and shows no key')
  }
  const evidence = { X402_RPC_URL: 'https://rpc.example' }
  const real = { ...production, ...FACILITATOR, ...evidence, X402_PAY_TO: TOKEN }
  t.strictSame(problemsOf(real), [], 'USDC on Base is what it takes without more words')
  const accepted = { ...production, ...FACILITATOR, ...evidence, ...TEST_TOKEN, X402_ALLOW_TEST_NETWORK: 'yes' }
  t.strictSame(problemsOf(accepted), [], 'and test money where it is told to')
})

const none = { sold: 0 } as const

scenario(
  'a facilitator that does not settle on our network stops the start',
  { ...none, modes: ['facilitator'] },
  async (t, service) => {
    service.facilitator.fail('supported', { kind: 'lie', answer: { kinds: [] }, worked: false })
    await refusesToOpen(t, service, {}, /^X402_FACILITATOR_URL: /)
    service.facilitator.fail('supported')
    await service.open()
    isOffer(t, await service.client.post(service.client.workout()))
  }
)

scenario(
  'settings that the chain contradicts stop the start',
  { ...none, modes: ['facilitator and chain', 'self'] },
  async (t, service) => {
    await refusesToOpen(t, service, { X402_ASSET_NAME: 'USDC' }, /^X402_ASSET_NAME/)
    await refusesToOpen(t, service, { X402_ASSET_VERSION: '1' }, /^X402_ASSET_VERSION|^X402_ASSET_NAME/)
    await refusesToOpen(t, service, { X402_ASSET_DECIMALS: '18' }, /^X402_ASSET_DECIMALS/)
    await refusesToOpen(t, service, { X402_ASSET: service.payTo }, /^X402_ASSET/)
    if (service.mode === 'self') await refusesToOpen(t, service, { X402_NETWORK: 'eip155:1' }, /^X402_NETWORK/)
    await service.open()
    isOffer(t, await service.client.post(service.client.workout()))
  }
)

scenario(
  'no outside service responds at the start: it starts, quotes and reports its state',
  none,
  async (t, service) => {
    await service.close()
    await service.facilitator.close()
    await service.rpc.close()
    await service.open()
    isOffer(t, await service.client.post(service.client.workout()))
    t.equal((await service.client.ask('/v1/health')).status, 200)
    await service.facilitator.open()
    await service.rpc.open()
  }
)

scenario(
  'a new price: what was signed before it is still served, at the old price',
  { sold: 1 },
  async (t, service) => {
    const { client } = service
    const [before, late] = [await client.order(), await client.order()]
    await service.reopen({ PRICE_USD: '0.20' })
    t.equal(requiredOf(await client.post(client.workout())).accepts[0]?.amount, '200000')
    await isSold(t, await client.send(before), service)
    // Two prices ago is too long ago.
    await service.reopen({ PRICE_USD: '0.30' })
    isOffer(t, await client.send(late), 'invalid_payment_requirements')
    isOffer(t, await client.send(before), 'proof_consumed')
  }
)

scenario('a new price does not take away what was bought at the old one', { sold: 1 }, async (t, service) => {
  const { client } = service
  const order = await client.order({ identifier: 'a-purchase-with-a-name' })
  const first = await client.send(order)
  await isSold(t, first, service)
  await service.reopen({ PRICE_USD: '0.20' })
  await service.reopen({ PRICE_USD: '0.30' })
  t.equal((await client.send(order)).text, first.text)
})

function problemsOf(settings: Record<string, string>): readonly string[] {
  try {
    loadConfig(settings)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems
  }
}

async function refusesToOpen(
  t: Test,
  service: X402Service,
  settings: Record<string, string>,
  line: RegExp
): Promise<void> {
  await service.close()
  const error = await service.open(settings).then(
    () => new Error('it opened'),
    (reason: unknown) => reason
  )
  t.ok(error instanceof ConfigError && error.problems.some((problem) => line.test(problem)), String(error))
}
