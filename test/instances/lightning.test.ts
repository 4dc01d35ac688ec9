import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { sha256 } from '../support/macaroon.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { PATH } from '../support/purchase.ts'
import { noPostgres } from '../support/servers.ts'
import { type Instance, startInstances } from '../support/service-process.ts'
import { ConcurrentClients, type Purchase } from './concurrent-clients.ts'

const QUESTIONS_PER_SECOND = 500
const DURATION_MS = 10_000
const KILLED_AFTER_MS = 3000
const AT_ONCE = 20
const PRICE_MSAT = 100_000

t.test('two instances on one Postgres', { skip: noPostgres }, async (t) => {
  const server = await PostgresServer.start()
  t.teardown(() => server.remove())
  const url = await server.makeDatabase()
  const instances = await startInstances(t, 2, {
    DATABASE_URL: url,
    // One name: behind it a client meets either of them, and the documents of both have the same links.
    PUBLIC_URL: 'https://power.example',
    X402: 'off',
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`,
    RATE_LIMIT_PER_MINUTE: '999999999',
    CHALLENGES_PER_MINUTE: '999999999'
  })
  const [one, other] = instances as [Instance, Instance]
  const clients = new ConcurrentClients(instances)
  const rows = (sql: string) => server.ask(new URL(url).pathname.slice(1), sql) as Promise<Record<string, unknown>[]>

  await t.test('a challenge from one is redeemed at the other, whatever has become of the one', async (t) => {
    const [alive, dead] = [
      await clients.pay(one, PATH, clients.newWorkout()),
      await clients.pay(one, PATH, clients.newWorkout())
    ]
    t.equal((await clients.redeem(other, alive!))?.status, 200)
    await one.kill()
    t.equal((await clients.redeem(other, dead!))?.status, 200)
    await one.start()
    for (const purchase of [alive!, dead!]) {
      const again = await clients.redeem(one, purchase)
      t.strictSame([again?.status, again?.headers['idempotent-replayed']], [200, 'true'])
      t.equal(purchase.answers.size, 1, 'the same answer')
    }
    const copy = await clients.pay(other, PATH, clients.newWorkout())
    const copies = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => clients.redeem(instances[index % 2]!, copy!))
    )
    t.strictSame([...new Set(copies.map((answer) => answer?.status))], [200])
    t.equal(copy!.answers.size, 1, 'copies at both at once are one')
  })

  await t.test('busy, and one is killed and comes back: the sums agree', async (t) => {
    const visit = clients.visit(QUESTIONS_PER_SECOND, DURATION_MS)
    await sleep(KILLED_AFTER_MS)
    await other.kill()
    await other.start()
    await visit
    t.comment(
      `${clients.asked} questions: ${[...clients.statuses]
        .sort()
        .map((entry) => entry.join(': '))
        .join(', ')}`
    )
    isAsPromised(t, clients)
    t.ok(clients.statuses.get('redemption none')! > 0, 'some never heard of what they paid for')

    const settled = await settle(t, clients, instances)
    await audit(t, clients, settled, rows)
    await isSeenAlike(t, clients, instances, rows)
    const log = instances.map((instance) => instance.log()).join('\n')
    t.notOk(
      clients.athletes.some((athlete) => log.includes(athlete)),
      'no athlete in a log'
    )
    t.notOk(
      clients.purchases.some(({ preimage }) => log.includes(preimage)),
      'no preimage in a log'
    )
  })
})

/** Nobody was told what is not in the contract, whatever went on. */
function isAsPromised(t: Test, { statuses, purchases }: ConcurrentClients): void {
  const promised: Record<string, string[]> = {
    offer: ['402', '404', '409', '503'],
    payment: ['200', '404'],
    redemption: ['200', '404', '409', '503'],
    void: ['200', '409', '503'],
    reading: ['200', '503']
  }
  for (const [kind, allowed] of Object.entries(promised)) {
    const reported = [...statuses.keys()].filter((key) => key.startsWith(`${kind} `)).map((key) => key.split(' ')[1]!)
    t.ok(reported.length > 0, `${kind}: asked for`)
    for (const status of reported) t.ok([...allowed, 'none'].includes(status), `${kind}: ${status}`)
  }
  t.ok(purchases.length > 50, `${purchases.length} were paid for`)
}

/** Everybody asks again, at each: who paid gets an answer or is told for good why not. @returns what was sold */
async function settle(t: Test, clients: ConcurrentClients, instances: readonly Instance[]): Promise<Purchase[]> {
  const sold: Purchase[] = []
  const left = [...clients.purchases]
  const failures: string[] = []
  const client = async () => {
    for (let purchase = left.pop(); purchase !== undefined; purchase = left.pop()) {
      const answers = []
      for (const instance of instances) answers.push(await clients.redeem(instance, purchase))
      const [one, other] = answers.map((answer) => `${answer?.status} ${answer?.text}`)
      if (one !== other) failures.push(`told ${one}, and ${other}`)
      if (answers[0]?.status === 200) sold.push(purchase)
      else if (answers[0]?.status !== 409 || purchase.path === PATH) failures.push(one!)
      if (purchase.answers.size !== (answers[0]?.status === 200 ? 1 : 0))
        failures.push('answers that differ, or came once')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  t.strictSame(failures.slice(0, 3), [], 'each has one answer, or lost its race')
  return sold
}

/** The books, the records and what the clients have in hand are one. */
async function audit(
  t: Test,
  clients: ConcurrentClients,
  sold: readonly Purchase[],
  rows: (sql: string) => Promise<Record<string, unknown>[]>
) {
  const payments = await rows('SELECT proof_key, state, amount_atomic, answer_revision_id FROM payments')
  const captured = payments.filter(({ state }) => state === 'captured')
  const keyOf = ({ preimage }: Purchase) => `l402:${sha256(Buffer.from(preimage, 'hex')).toString('hex')}`
  t.strictSame(
    new Set(captured.map(({ proof_key }) => proof_key)),
    new Set(sold.map(keyOf)),
    'sold is what the books say'
  )
  t.equal(captured.length, sold.length, 'once each')
  const sum = captured.reduce((total, { amount_atomic }) => total + BigInt(String(amount_atomic)), 0n)
  t.equal(sum, BigInt(PRICE_MSAT * sold.length), 'every sat')
  const known = new Set(clients.purchases.map(keyOf))
  for (const { proof_key, state } of payments)
    t.ok(
      known.has(String(proof_key)) && ['captured', 'released'].includes(String(state)),
      `${state}: nothing is left open`
    )

  const revisions = await rows('SELECT revision_id, workout_id, state FROM revisions')
  const inHand = sold.map(({ answers }) => JSON.parse([...answers][0]!))
  const names = (list: readonly Record<string, unknown>[]) =>
    list.map(({ workout_id, revision_id }) => `${workout_id} ${revision_id}`).sort()
  t.strictSame(names(revisions), names(inHand), 'the records are the answers')
  t.strictSame(
    captured.map(({ answer_revision_id }) => answer_revision_id).sort(),
    revisions.map(({ revision_id }) => revision_id).sort(),
    'each paid for by one payment'
  )
  const standing = revisions.filter(({ state }) => state !== 'superseded').map(({ workout_id }) => workout_id)
  t.equal(new Set(standing).size, standing.length, 'one revision counts')
  t.strictSame(new Set(standing), new Set(revisions.map(({ workout_id }) => workout_id)), 'of every workout')
  t.ok(
    revisions.some(({ state }) => state === 'superseded'),
    'there were revisions'
  )
}

/** Both show the same records, which are those that count. */
async function isSeenAlike(
  t: Test,
  { athletes }: ConcurrentClients,
  instances: readonly Instance[],
  rows: (sql: string) => Promise<Record<string, unknown>[]>
) {
  let listed = 0
  for (const athlete of athletes) {
    for (const path of [`/v1/athletes/${athlete}/workouts?format=csv`, `/v1/athletes/${athlete}/curve`]) {
      const [one, other] = await Promise.all(instances.map((instance) => instance.ask(path)))
      t.strictSame([one?.status, one?.text], [200, other?.text], 'both show the same')
      if (path.endsWith('csv')) listed += one!.text.split('\r\n').length - 2
    }
  }
  t.equal(listed, (await rows("SELECT 1 FROM revisions WHERE state = 'canonical'")).length, 'all that count are shown')
}
