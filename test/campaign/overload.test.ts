/** Five times as many clients as the service can serve: those that have paid get their answers. */
import t from 'tap'
import { Visitors } from '../bench/overload/visitors.ts'
import { healthRequest, Workouts } from '../bench/requests.ts'
import { noAnvil } from '../support/x402/chain.ts'
import { ENGINES, noEngine, openWorld } from './world.ts'

const CLIENTS = 32
const CONNECTIONS = 1024
const WARM_UP_MS = 3000
const PHASE_MS = 4000
/** On a machine that is busy with something else. */
const LEAST_PER_SECOND = 100

for (const engine of ENGINES)
  t.test(`five times too many clients [${engine}]`, { skip: noAnvil || noEngine(engine) }, async (t) => {
    const { instances, rows } = await openWorld(t, engine, { instances: 1, settings: { X402: 'off' } })
    const visitors = new Visitors(Number(new URL(instances[0]!.url).port), new Workouts())
    t.teardown(() => visitors.close())
    // The first purchases load what the service loads on demand.
    const first = await visitors.closedLoop(1, WARM_UP_MS)
    const before = await visitors.closedLoop(CLIENTS, WARM_UP_MS)
    await visitors.connect(CONNECTIONS)
    const health: (number | undefined)[] = []
    const probe = setInterval(async () => health.push((await visitors.exchange(healthRequest))?.status), 100)
    const visits = await visitors.openLoop(Math.max(before.perSecond * 5, LEAST_PER_SECOND), PHASE_MS)
    clearInterval(probe)
    t.comment(
      `${engine}: ${before.perSecond.toFixed(0)} purchases/s; of ${visits.offered} clients ${visits.sold} bought, ` +
        `${visits.refusedMs.length} were refused, ${visits.paidRefused} times a payment was told to come again`
    )
    t.strictSame([...visits.faults], [])
    t.equal(visits.paidUnanswered, 0, 'no payment without an answer')
    t.equal(visits.sold + visits.refusedMs.length, visits.offered, 'each client bought or was refused')
    t.strictSame([...new Set(health)], [200], 'health all the while')
    const captured = await rows("SELECT proof_key, amount_atomic FROM payments WHERE state = 'captured'")
    t.equal(captured.length, first.sold + before.sold + visits.sold, 'the books hold what was sold')
    t.equal((await rows('SELECT 1 FROM payments')).length, captured.length, 'and nothing else')
    t.equal((await rows('SELECT 1 FROM revisions')).length, captured.length, 'each with its record')
  })
