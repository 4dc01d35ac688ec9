/**
 * Two instances that sell over both rails while parts of them go away, watched by a real Prometheus with the rules of
 * ops/prometheus: the alert that should fire does, the service recovers alone, and the sums agree. It takes minutes:
 *
 *     WATCHED=1 npm run test:servers -- test/instances/alerts
 *
 * With DASHBOARD=file.svg the dashboard is drawn at the end.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PaymentRequirements } from '@x402/core/types'
import t, { type Test } from 'tap'
import { drawDashboard } from '../../ops/images/dashboard/drawing.ts'
import { ROOT } from '../runner/joined.ts'
import { DASHBOARD } from '../support/dashboard.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { freePorts, Processes } from '../support/processes.ts'
import { missing } from '../support/program.ts'
import { PrometheusClient } from '../support/prometheus.ts'
import { PATH, workout } from '../support/purchase.ts'
import { noPostgres } from '../support/servers.ts'
import { Instance } from '../support/service-process.ts'
import { noAnvil, startTestChain, type TestChain } from '../support/x402/chain.ts'
import { startFacilitator } from '../support/x402/facilitator.ts'
import { signHeader } from '../support/x402/payer.ts'
import { startRpcProxy } from '../support/x402/rpc-proxy.ts'

const PRICE_ATOMIC = 100_000n
/** Three requests each. */
const PURCHASES_PER_SECOND = Number(process.env.PURCHASES_PER_SECOND ?? 17)
const OUTAGE_MS = 30_000
const QUIET_MS = 45_000
/** Longer than any rule waits, and than the service takes to recover. */
const ALERT_LIMIT_MS = 180_000
const PURCHASE_LIMIT_MS = 240_000
const RETRY_MS = 2000
/** More buyers than this wait outside. */
const MAX_BUYERS = 600
const skip =
  process.env.WATCHED === '1'
    ? noPostgres || noAnvil || missing('prometheus')
    : 'takes minutes: WATCHED=1 npm run test:servers -- test/instances/alerts'

t.setTimeout(900_000)

t.test('parts go away while it sells: each alert fires, and the sums agree', { skip }, async (t) => {
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  const chain = await startTestChain(t)
  const facilitator = await startFacilitator(t, chain)
  const rpc = await startRpcProxy(t, chain.rpcUrl)
  const { payTo } = chain.embedded
  const database = await server.makeDatabase()
  const folder = t.testdir()
  const [firstPort, otherPort, firstMetrics, otherMetrics, prometheusPort] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number
  ]
  const settings = {
    DATABASE_URL: database,
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`,
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    ...chain.settings(),
    X402_RPC_URL: rpc.url,
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999',
    // The start is known by its log line.
    LOG_LEVEL: 'info',
    METRICS: 'on'
  }
  const one = new Instance(firstPort, { ...settings, METRICS_PORT: String(firstMetrics) }, join(folder, 'one.log'))
  const other = new Instance(otherPort, { ...settings, METRICS_PORT: String(otherMetrics) }, join(folder, 'other.log'))
  t.teardown(() => Promise.all([one.end(), other.end()]))
  await Promise.all([one.start(), other.start()])
  const prometheus = await startPrometheus(t, folder, prometheusPort, [firstMetrics, otherMetrics])
  const watch = new PrometheusClient(prometheus)
  await until('Prometheus is ready', () => watch.isReady())
  const before = await chain.balance(payTo)

  const buyers = new Buyers([one, other], chain)
  const buying = buyers.run(PURCHASES_PER_SECOND)
  await sleep(QUIET_MS)
  t.strictSame(await watch.firing(), [], 'while all is well nothing is said')

  await outage(
    t,
    'kill one',
    'InstanceDown',
    () => other.kill(),
    () => other.start()
  )
  await outage(
    t,
    'freeze postgres',
    'LedgerDown',
    async () => server.freeze(),
    async () => server.thaw()
  )
  await outage(
    t,
    'stop the chain and who settles on it',
    'RailDown',
    async () => {
      for (const endpoint of ['verify', 'settle'] as const) facilitator.fail(endpoint, { kind: 'drop', worked: false })
      await rpc.close()
    },
    async () => {
      for (const endpoint of ['verify', 'settle'] as const) facilitator.fail(endpoint)
      await rpc.open()
    }
  )
  await buyers.stop()
  await buying
  t.comment(`bought: ${JSON.stringify(buyers.outcomes)}, on the way ${JSON.stringify(buyers.statuses)}`)
  const captured = async () =>
    (await server.ask(
      new URL(database).pathname.slice(1),
      "SELECT rail, count(*)::int AS payments, sum(amount_atomic::bigint)::text AS amount FROM payments WHERE state = 'captured' GROUP BY rail ORDER BY rail"
    )) as { rail: string; payments: number; amount: string }[]
  const moved = async () => (await chain.balance(payTo)) - before
  await until(
    'the last payments are decided',
    async () => BigInt((await captured())[1]?.amount ?? 0) === (await moved())
  )
  const [l402, x402] = await captured()
  t.comment(`booked ${JSON.stringify([l402, x402])}, on the chain ${await moved()}`)
  t.equal(l402?.payments, buyers.outcomes.l402.answered, 'each invoice that was paid has bought its answer')
  t.equal(BigInt(x402?.amount ?? 0), await moved(), 'the books and the chain agree')
  t.equal(buyers.outcomes.l402.lost + buyers.outcomes.x402.lost, 0, 'no buyer has paid for nothing')
  t.equal(BigInt(x402?.payments ?? 0) * PRICE_ATOMIC, BigInt(x402?.amount ?? 0))
  const { DASHBOARD: path } = process.env
  if (path !== undefined) writeFileSync(path, await drawDashboard(DASHBOARD, prometheus, 600))

  async function outage(
    t: Test,
    what: string,
    alert: string,
    begin: () => Promise<unknown>,
    end: () => Promise<unknown>
  ): Promise<void> {
    const began = Date.now()
    await begin()
    await Promise.all([sleep(OUTAGE_MS), until(`${alert} fires`, async () => (await watch.firing()).includes(alert))])
    const firedSeconds = Math.round((Date.now() - began) / 1000)
    const all = await watch.firing()
    await end()
    const healed = Date.now()
    await until(`${alert} ends`, async () => !(await watch.firing()).includes(alert))
    t.pass(`${what}: ${alert}`)
    t.comment(
      `${what}: away for ${firedSeconds} s, firing ${all.join(', ')}; ` +
        `over ${Math.round((Date.now() - healed) / 1000)} s after it is back`
    )
  }
})

interface Outcomes {
  answered: number
  lost: number
}

/** Clients that buy over both rails in turn, at either instance, and keep what they have paid until it is answered. */
class Buyers {
  readonly outcomes: Record<'l402' | 'x402', Outcomes> = {
    l402: { answered: 0, lost: 0 },
    x402: { answered: 0, lost: 0 }
  }
  readonly statuses: Record<string, number> = {}
  readonly #instances: readonly Instance[]
  readonly #chain: TestChain
  #isOver = false

  constructor(instances: readonly Instance[], chain: TestChain) {
    this.#instances = instances
    this.#chain = chain
  }

  async run(perSecond: number): Promise<void> {
    const running = new Set<Promise<void>>()
    for (let count = 0; !this.#isOver; count++) {
      await sleep(1000 / perSecond)
      if (running.size >= MAX_BUYERS) continue
      const at = Math.floor(count / 2)
      const purchase = (count % 2 === 0 ? this.#withSats(at) : this.#withDollars(at)).finally(() =>
        running.delete(purchase)
      )
      running.add(purchase)
    }
    await Promise.all(running)
  }

  async stop(): Promise<void> {
    this.#isOver = true
  }

  async #withSats(count: number): Promise<void> {
    const at = this.#at(count)
    const body = workout()
    const offer = await this.#ask(at, PATH, { body })
    if (offer?.status !== 402) return
    const { invoice, macaroon } = JSON.parse(offer.text)
    if (invoice === undefined) return
    const paid = await this.#ask(at, '/dev/lightning/pay', { body: { invoice } })
    if (paid?.status !== 200) return
    await this.#collect('l402', count, body, { authorization: `L402 ${macaroon}:${JSON.parse(paid.text).preimage}` })
  }

  async #withDollars(count: number): Promise<void> {
    const body = workout()
    const offer = await this.#ask(this.#at(count), PATH, { body })
    if (offer?.status !== 402) return
    const { accepts } = JSON.parse(offer.text) as { accepts?: PaymentRequirements[] }
    if (accepts === undefined) return
    // The name fetches an answer whose connection broke.
    await this.#collect('x402', count, body, {
      'payment-signature': await signHeader(this.#chain.payer.key, accepts[0]!),
      'idempotency-key': randomUUID()
    })
  }

  /** Sends the same proof, to either instance, until it brings the answer or can bring none any more. */
  async #collect(rail: 'l402' | 'x402', count: number, body: unknown, headers: Record<string, string>): Promise<void> {
    for (const end = Date.now() + PURCHASE_LIMIT_MS; Date.now() < end; count++) {
      const answer = await this.#ask(this.#at(count), PATH, { body, headers })
      if (answer?.status === 200) this.outcomes[rail].answered += 1
      // An x402 signature that ran out has moved no money; the sums tell.
      if (answer?.status === 200 || (answer?.status === 402 && rail === 'x402')) return
      await sleep(RETRY_MS)
    }
    this.outcomes[rail].lost += 1
  }

  async #ask(at: Instance, path: string, { body, headers = {} }: { body: unknown; headers?: Record<string, string> }) {
    const answer = await at.ask(path, { method: 'POST', body, headers }).catch(() => undefined)
    const status = answer === undefined ? 'no answer' : String(answer.status)
    if (status !== '200' && status !== '402') this.statuses[status] = (this.statuses[status] ?? 0) + 1
    return answer
  }

  #at(count: number): Instance {
    return this.#instances[count % this.#instances.length]!
  }
}

async function startPrometheus(t: Test, folder: string, port: number, targets: readonly number[]): Promise<string> {
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [${JSON.stringify(join(ROOT, 'ops/prometheus/rules.yml'))}]
scrape_configs:
  - job_name: power-oracle
    static_configs: [{ targets: [${targets.map((target) => `"127.0.0.1:${target}"`).join(', ')}] }]
`
  )
  const processes = new Processes()
  t.teardown(() => processes.close())
  const url = `http://127.0.0.1:${port}`
  const command = ['prometheus', `--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`]
  await processes.start(
    'prometheus',
    [...command, `--web.listen-address=127.0.0.1:${port}`],
    join(folder, 'prometheus.log')
  )
  return url
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + ALERT_LIMIT_MS; Date.now() < end; await sleep(1000))
    if (await holds().catch(() => false)) return
  throw new Error(`waited in vain until ${what}`)
}
