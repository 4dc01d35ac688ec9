/** A purchase over Lightning as a trace that a collector gets, with a real LND. */
import t from 'tap'
import { startTraceReceiver } from '../support/trace-receiver.ts'
import { buy } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import { compute, settingsOf, startService } from './service.ts'
import { workout } from './workout.ts'

const REQUEST = 'POST /v1/compute-power'
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i

t.setTimeout(120_000)

t.test('the invoice that LND makes for a request, and the sale with its commit, are traces', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  t.teardown(() => regnet.close(!t.passing()))
  const receiver = await startTraceReceiver(t)
  const settings = await settingsOf(regnet, 'traces', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const service = await startService(regnet, settings, 'traces')
  const secrets = new Secrets()
  const athlete = secrets.athlete()
  const sale = await buy(service, regnet, secrets, workout(athlete))
  const { status } = await compute(service, sale.body, sale.authorization)
  t.equal(status, 200)
  // What waits is sent.
  await service.stop()

  const [offered] = receiver.requests(REQUEST, 402)
  t.strictSame(receiver.paths(offered!), [
    REQUEST,
    `${REQUEST} > billing plan`,
    `${REQUEST} > billing charge`,
    `${REQUEST} > billing charge > lnd addInvoice`
  ])
  const [sold, ...more] = receiver.requests(REQUEST, 200)
  t.equal(more.length, 0)
  t.strictSame(receiver.paths(sold!), [
    REQUEST,
    `${REQUEST} > billing plan`,
    `${REQUEST} > billing charge`,
    `${REQUEST} > billing capture`,
    `${REQUEST} > billing capture > sqlite transact`
  ])
  for (const secret of [sale.token, sale.invoice, sale.preimage, athlete, settings.macaroon, settings.secret])
    t.notMatch(receiver.received, secret)
  t.notMatch(receiver.received, UUID)
})
