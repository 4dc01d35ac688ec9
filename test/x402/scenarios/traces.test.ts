/** A purchase in dollars as a trace that a collector gets, with a real facilitator and a real chain. */
import { startTraceReceiver } from '../../support/trace-receiver.ts'
import { isSold } from '../../support/x402/checks.ts'
import type { Mode } from '../../support/x402/environment.ts'
import { scenario } from '../../support/x402/scenario.ts'

const REQUEST = 'POST /v1/compute-power'
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i
/** What has to be below the request, in each way of settling. */
const STEPS: Record<Exclude<Mode, 'facilitator'>, readonly string[]> = {
  'facilitator and chain': [
    'billing plan',
    'billing charge > facilitator verify',
    'billing capture > facilitator settle',
    'billing capture > rpc eth_getTransactionReceipt',
    'billing capture > sqlite transact'
  ],
  self: [
    'billing plan',
    'billing charge > rpc eth_getCode',
    'billing charge > rpc eth_call',
    'billing capture > rpc eth_sendRawTransaction',
    'billing capture > rpc eth_getTransactionReceipt',
    'billing capture > sqlite transact'
  ]
}

scenario(
  'request, plan, charge, verification, settlement and commit are one trace, which holds nothing that was sent',
  { modes: ['facilitator and chain', 'self'] },
  async (t, service) => {
    const receiver = await startTraceReceiver(t)
    await service.reopen({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
    const { client } = service
    const order = await client.order()
    await isSold(t, await client.sendPatiently(order), service)
    // What waits is sent.
    await service.close()
    const [sold, ...more] = receiver.requests(REQUEST, 200)
    t.equal(more.length, 0)
    const paths = receiver.paths(sold!)
    for (const step of STEPS[service.mode as keyof typeof STEPS])
      t.ok(paths.includes(`${REQUEST} > ${step}`), `${step}, of\n${paths.join('\n')}`)
    t.ok(receiver.requests(REQUEST, 402).length >= 1, 'the offer has a trace of its own')
    t.equal(client.leaksIn(receiver.received), 0, 'no key, no signature, no athlete')
    const { from, to, nonce } = order.payment
    for (const value of [from, to, nonce, service.chain.rpcUrl, service.facilitator.url])
      t.notMatch(receiver.received, value)
    t.notMatch(receiver.received, UUID)
  }
)
