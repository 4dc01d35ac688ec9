/** The system of docker-compose.yml, run for real: one sale over each rail, outages while it sells, a stop and a start. */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { PaymentRequirements } from '../../schemas/payment-requirements.ts'
import { freePorts } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { System } from './system.ts'

const LIMIT_MS = 900_000
/** How long Postgres and the chain are away; signatures are good for longer. */
const OUTAGE_SECONDS = Number(process.env.OUTAGE_SECONDS ?? 10)
const PURCHASES_PER_SECOND = Number(process.env.PURCHASES_PER_SECOND ?? 4)
const OUTAGE_MS = OUTAGE_SECONDS * 1000
/** CI plays the short form, the demo's two sales; by hand the outages and the restart come too. */
const skip = process.env.CI === 'true' ? 'long form: npm run test:compose, by hand' : false
const PAUSE_MS = 5_000
const DEMO_LIMIT_MS = 180_000
const READY_LIMIT_MS = 180_000
/** While no instance is ready the proxy looks for one for 5 s before it answers 503. */
const ANSWER_LIMIT_MS = 20_000

interface Tally {
  readonly outcomes: Record<'l402' | 'x402', Record<string, number>>
  readonly statuses: Record<string, number>
}

t.setTimeout(LIMIT_MS)
const [port] = await freePorts(1)
const system = new System(port!)
await system.compose('--profile', 'demo', 'down', '--volumes')
t.teardown(() => system.try('--profile', 'demo', 'down', '--volumes'))

t.test('a new system ends its demo with one purchase over each rail', async (t) => {
  await system.compose('build', 'api-1', 'setup')
  const started = Date.now()
  await system.compose('--profile', 'demo', 'up', '--detach')
  await until(
    'the demo to end',
    async () => /Exit|exited/i.test(await system.compose('ps', '--all', 'demo')),
    DEMO_LIMIT_MS
  )
  const output = await system.compose('--profile', 'demo', 'logs', '--no-color', 'demo')
  t.comment(`from nothing to both purchases: ${Math.round((Date.now() - started) / 1000)} s`)
  t.match(
    output,
    /1\. Over Lightning[\s\S]+paid[\s\S]+total work[\s\S]+2\. In dollars[\s\S]+transaction 0x[0-9a-f]{64}/
  )
  t.match(output, 'One purchase over each rail.')
  await sumsAgree(t)
})

t.test('parts stop while it sells: every payment has its answer, and the sums agree', { skip }, async (t) => {
  const seconds = Math.ceil((2 * OUTAGE_MS + 5 * PAUSE_MS) / 1000)
  const load = system.tool('load', String(seconds), String(PURCHASES_PER_SECOND))
  // Where a step fails first, that is the failure to report.
  load.catch(() => {})
  const steps: [string, () => Promise<unknown>][] = [
    ['restart lnd-merchant', () => system.compose('restart', 'lnd-merchant')],
    [
      'kill api-1',
      () => system.compose('kill', 'api-1').then(() => system.compose('up', '--detach', '--no-deps', 'api-1'))
    ],
    ['stop postgres', () => system.away('postgres', OUTAGE_MS, untilNothingSells)],
    ['stop evm', () => system.away('evm', OUTAGE_MS, untilLightningSells)]
  ]
  for (const [name, act] of steps) {
    await sleep(PAUSE_MS)
    await act()
    t.comment(`${name}: ready again after ${await secondsUntilReady()} s`)
  }
  const output = await load
  t.comment(output.trim())
  const { outcomes } = JSON.parse(output) as Tally
  t.notOk(outcomes.l402.lost, 'every preimage brought its answer')
  t.notOk(outcomes.x402.lost, 'every signature brought its answer or died unused')
  t.ok(outcomes.l402.answered! > 0 && outcomes.x402.answered! > 0, 'both rails sold')
  await sumsAgree(t)
})

t.test('down and up: ledger, channel and balances are still there', { skip }, async (t) => {
  const balance = await system.tool('balance')
  const booked = await system.booked()
  await system.compose('down')
  await system.compose('up', '--detach')
  await until('the service to be ready', isReady, READY_LIMIT_MS)
  // One more sat is in the channel: setup proves that it can be paid.
  t.equal(satsInChannel(await system.tool('balance')), satsInChannel(balance) + 1)
  t.same(await system.booked(), booked)
  await sumsAgree(t)
  const { outcomes } = JSON.parse(await system.tool('load', '2', '2')) as Tally
  t.same(outcomes, { l402: { answered: 2 }, x402: { answered: 2 } }, 'it sells again')
})

/** @param line of the verb `balance` */
function satsInChannel(balance: string): number {
  return Number(/lnd-merchant: \d+ sats on the chain, (\d+) in the channel/.exec(balance)?.[1])
}

async function isReady(): Promise<boolean> {
  return (await fetch(`${system.url}/readyz`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })).ok
}

/** Without a database no instance is ready. */
async function untilNothingSells(): Promise<void> {
  await until('the service to say that it is not ready', async () => !(await isReady()))
}

/** Without the chain the other rail goes on. */
async function untilLightningSells(): Promise<void> {
  await until('an offer over Lightning', async () => {
    const answer = await fetch(`${system.url}/v1/payment-requirements`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS)
    })
    const { rails } = (await answer.json()) as PaymentRequirements
    t.comment(`without the chain: ${JSON.stringify(rails)}`)
    return rails.l402?.status === 'ok'
  })
}

/** What the ledger has captured is what the merchant's LND and the chain have received. */
async function sumsAgree(t: Test): Promise<void> {
  const booked = await system.booked()
  const { sats, atomic } = JSON.parse(await system.tool('received')) as { sats: number; atomic: string }
  t.comment(`booked ${JSON.stringify(booked, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`)
  t.equal(booked.l402?.amount, BigInt(sats) * 1000n, `${sats} sats over Lightning`)
  t.equal(booked.x402?.amount, BigInt(atomic), `${atomic} millionths of a dollar on the chain`)
}

async function secondsUntilReady(): Promise<string> {
  const started = Date.now()
  await until('the service to be ready', isReady, READY_LIMIT_MS)
  return ((Date.now() - started) / 1000).toFixed(1)
}
