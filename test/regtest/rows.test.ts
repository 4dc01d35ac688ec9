/** How many invoices the service leaves in LND's database: every one is a row there, paid or not. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { until } from '../support/until.ts'
import { lns } from './lns.ts'
import { startRegnet } from './regnet.ts'
import { compute, health, settingsOf, startService } from './service.ts'
import { workout } from './workout.ts'

const BURST = 500
const MOST_PER_CHALLENGE = 1.3
const AT_REST = 1
const REST_MS = 3000

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('rows in LND', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  t.teardown(() => regnet.close(!t.passing()))
  const rows = async () => {
    const { invoices } = await lns.getInvoices({ lnd: regnet.merchant.lnd, limit: 10_000 })
    return invoices.length
  }
  const before = await rows()
  const service = await startService(regnet, await settingsOf(regnet, 'rows'), 'rows')
  await until('the service to be well', async () => (await health(service, 'l402')) === 'ok')

  t.test('an idle service creates one invoice', async (t) => {
    await until('the first invoice', async () => (await rows()) > before)
    await sleep(REST_MS)
    t.equal((await rows()) - before, AT_REST)
  })

  t.test('a burst leaves few unrequested invoices', async (t) => {
    const start = await rows()
    const bodies = Array.from({ length: BURST }, (_, index) => workout(undefined, index + 1))
    const answers = await Promise.all(bodies.map((body) => compute(service, body)))
    const atOnce = answers.filter(({ status }) => status === 402).length
    // A busy machine sends some away with Retry-After; they come back, as clients do.
    const late = bodies.filter((_, index) => answers[index]!.status !== 402)
    for (const body of late) await until('a challenge', async () => (await compute(service, body)).status === 402)
    await sleep(REST_MS)
    const made = (await rows()) - start
    const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
    const p99 = Math.round(times[Math.floor(BURST * 0.99)]!)
    t.comment(
      `${made} invoices, ${atOnce} of ${BURST} challenges at once; p50 ${Math.round(times[BURST / 2]!)} ms, p99 ${p99} ms`
    )
    t.ok(made < MOST_PER_CHALLENGE * BURST, `${made} invoices`)
  })
})
