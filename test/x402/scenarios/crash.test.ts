/** The service is killed at every step between claim and answer. Each payment buys one answer all the same. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import t, { type Test } from 'tap'
import { until } from '../../support/until.ts'
import { audit, entriesOf } from '../../support/x402/audit.ts'
import { noAnvil } from '../../support/x402/chain.ts'
import { isOffer } from '../../support/x402/checks.ts'
import type { Answer, Order } from '../../support/x402/client.ts'
import { type Step, SURE } from '../../support/x402/environment.ts'
import { type RestartableService, startRestartableService } from '../../support/x402/restartable-service.ts'
import { hang } from '../../support/x402/rpc-proxy.ts'

const AT_ONCE = 8

/** How far eight purchases at once have come when the service is killed. */
const PROGRESS: [name: string, has: Has][] = [
  ['the first is settled', (service, since) => service.asked('settle') > since.settled],
  ['three are captured', (service, since) => captured(service) >= since.captured + 3]
]
type Has = (service: RestartableService, since: Progress) => boolean
interface Progress {
  readonly settled: number
  readonly captured: number
}

t.jobs = 2
for (const mode of SURE)
  t.test(`killed at every step [${mode}]`, { skip: noAnvil }, async (t) => {
    const service = await startRestartableService(t, mode)
    const campaign = new Campaign(t, service)
    const { forgotten, unsent, dead } = await campaign.stoppedWhereTheyAre()
    await campaign.afterComputing()
    await campaign.afterSettling()
    await campaign.beforeTheAnswerLeaves()
    for (const [name, has] of PROGRESS) await campaign.atOnce(name, has)
    await campaign.collectLater()

    await until('the reconciler has ended what nobody came back for', () => pending(service) === 0, 60_000)
    t.strictSame(
      [forgotten, unsent, dead].map((order) => stateOf(service, order)),
      ['captured', 'captured', 'released']
    )
    t.equal(await campaign.collect(unsent), 'collected', 'what nobody sent is paid, and its client has the answer')
    isOffer(t, await service.client.send(dead), 'nonce_already_used')
    const { collected } = campaign
    await audit(t, service, { sold: collected + 1, collected })
  })

class Campaign {
  collected = 0
  readonly #t: Test
  readonly #service: RestartableService
  /** May still be under way in another process, for all that is known: not taken up at once. */
  readonly #later: [order: Order, seen: Answer | undefined][] = []

  constructor(t: Test, service: RestartableService) {
    this.#t = t
    this.#service = service
  }

  /** After the claim, after `settling` is written, after the transaction is mined: all of these, then the kill. */
  async stoppedWhereTheyAre(): Promise<{ forgotten: Order; unsent: Order; dead: Order }> {
    const service = this.#service
    const { client } = service
    const settling = await client.order()
    await settlingIsWritten(service, settling)
    const mined = await client.order()
    await isMined(service, mined)
    const forgotten = await client.order()
    await isMined(service, forgotten)
    const unsent = await client.order()
    await settlingIsWritten(service, unsent)
    const dead = await client.order()
    await settlingIsWritten(service, dead)
    await service.chain.cancel(client.payer, dead.payment.nonce)
    // A process that knows the payer's code does not ask for it: the last one is verified by a new process.
    await restart(service)
    // The last: verifying is given up after two seconds.
    const claimed = await client.order()
    service.freeze('verify')
    await sendUntil(service, claimed, 'verify')
    await restart(service)
    this.#t.strictSame(
      [settling, mined, forgotten, unsent, dead, claimed].map((order) => stateOf(service, order)),
      ['settling', 'settling', 'settling', 'settling', 'settling', undefined]
    )
    this.#t.equal(await this.collect(claimed), 'collected', 'after the claim')
    this.#t.equal(await this.collect(mined), 'collected', 'after the transaction is mined')
    // Collected now or later: a settlement so young may still be at work elsewhere.
    await this.collect(settling)
    return { forgotten, unsent, dead }
  }

  async afterComputing(): Promise<void> {
    const service = this.#service
    await restart(service)
    const order = await service.client.order()
    service.hold('verify', 300)
    await sendUntil(service, order, 'verify')
    // Writing waits for the lock, for a quarter of a second.
    await locked(service, async () => {
      await sleep(450)
      await service.kill()
    })
    this.#t.equal(stateOf(service, order), undefined, 'what is computed is not written yet')
    await restart(service)
    this.#t.equal(await this.collect(order), 'collected', 'after computing')
  }

  async afterSettling(): Promise<void> {
    const service = this.#service
    const order = await service.client.order()
    const paid = await nextPayment(service)
    service.hold('settle', 300)
    await sendUntil(service, order, 'settle')
    await locked(service, async () => {
      await until('it is paid', paid)
      await sleep(100)
      await service.kill()
    })
    this.#t.equal(stateOf(service, order), 'settling', 'what the chain has settled is not written yet')
    await restart(service)
    this.#t.equal(await this.collect(order), 'collected', 'after it was settled')
  }

  /** Its client has hung up, so that no answer leaves. */
  async beforeTheAnswerLeaves(): Promise<void> {
    const service = this.#service
    const order = await service.client.order()
    const hangUp = new AbortController()
    service.hold('settle', 300)
    await sendUntil(service, order, 'settle', hangUp.signal)
    hangUp.abort()
    await until('it is captured', () => stateOf(service, order) === 'captured')
    await restart(service)
    this.#t.equal(await this.collect(order), 'collected', 'before the answer leaves')
  }

  async atOnce(name: string, has: Has): Promise<void> {
    const service = this.#service
    const orders = await Promise.all(Array.from({ length: AT_ONCE }, () => service.client.order()))
    const since = { settled: service.asked('settle'), captured: captured(service) }
    const interrupted = orders.map((order) => send(service, order))
    await stoppedWhen(service, () => has(service, since))
    await service.kill()
    const seen = await Promise.all(interrupted)
    const states = orders.map((order) => stateOf(service, order) ?? 'nothing')
    await restart(service)
    for (const [index, order] of orders.entries()) await this.collect(order, seen[index])
    const answered = seen.filter((answer) => answer?.status === 200).length
    this.#t.comment(`${name}: ${tally(states)}, ${answered} answered`)
  }

  /** Sends the same payment again. The answer is the one that was seen before the end, where one was. */
  async collect(order: Order, seen?: Answer): Promise<'collected' | 'later' | 'refused'> {
    const answer = await this.#service.client.send(order)
    // The killed process may be delivering the answer, until its hold has ended.
    const isHeld = answer.status === 409 && answer.text.includes('request_running')
    if (isHeld || answer.text.includes('settlement_pending')) {
      this.#later.push([order, seen])
      return 'later'
    }
    // Its delivery may have been written down.
    const isConsumed = answer.status === 402 && seen?.status === 200
    if (answer.status !== 200 && !isConsumed) {
      this.#t.fail(`${answer.status} ${answer.text.slice(0, 300)}`)
      return 'refused'
    }
    if (answer.status === 200 && seen?.status === 200) this.#t.equal(answer.text, seen.text)
    this.collected += 1
    return 'collected'
  }

  async collectLater(): Promise<void> {
    await until(
      'all are collected',
      async () => {
        for (const [order, seen] of this.#later.splice(0)) await this.collect(order, seen)
        return this.#later.length === 0
      },
      60_000
    )
  }
}

async function settlingIsWritten(service: RestartableService, order: Order): Promise<void> {
  service.freeze('settle')
  await sendUntil(service, order, 'settle')
}

/** The money has moved, and the service is not told. */
async function isMined(service: RestartableService, order: Order): Promise<void> {
  const paid = await nextPayment(service)
  service.facilitator.fail('settle', { kind: 'hang', worked: true, calls: 1 })
  service.rpc.on('eth_getTransactionReceipt', hang)
  await sendUntil(service, order, 'settle')
  await until('it is paid', paid)
}

async function nextPayment({ chain, payTo }: RestartableService): Promise<() => Promise<boolean>> {
  const funds = await chain.balance(payTo)
  return async () => (await chain.balance(payTo)) > funds
}

/** Goes on in steps of less than a millisecond, and stands still when it has come so far. */
async function stoppedWhen(service: RestartableService, hasCome: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await nextTurn()) {
    service.signal('SIGSTOP')
    if (hasCome()) return
    service.signal('SIGCONT')
  }
  throw new Error('the service has not come so far')
}

/** Killed, where it is not yet, and started where nothing fails any more. */
async function restart(service: RestartableService): Promise<void> {
  await service.kill()
  service.facilitator.fail('verify')
  service.facilitator.fail('settle')
  service.rpc.heal()
  await service.start()
}

function send({ client }: RestartableService, order: Order, signal?: AbortSignal): Promise<Answer | undefined> {
  return client.send(order, {}, signal).catch(() => undefined)
}

async function sendUntil(service: RestartableService, order: Order, step: Step, signal?: AbortSignal): Promise<void> {
  const before = service.asked(step)
  void send(service, order, signal)
  await until(`it comes to ${step}`, () => service.asked(step) > before)
}

/** Holds the database's lock meanwhile. */
async function locked({ database }: RestartableService, act: () => Promise<unknown>): Promise<void> {
  const holder = new DatabaseSync(database, { timeout: 30_000 })
  holder.exec('BEGIN IMMEDIATE')
  await act()
  holder.close()
}

function captured({ database }: RestartableService): number {
  return entriesOf(database).filter(({ state }) => state === 'captured').length
}

function pending({ database }: RestartableService): number {
  return entriesOf(database).filter(({ state }) => state === 'settling' || state === 'unknown').length
}

function stateOf({ database }: RestartableService, { payment }: Order): string | undefined {
  return entriesOf(database).find(({ proof_key: key }) => key.endsWith(payment.nonce))?.state
}

function tally(states: readonly string[]): string {
  const counts: Record<string, number> = {}
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1
  return JSON.stringify(counts)
}
