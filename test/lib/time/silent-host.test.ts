/** Outside calls end in time also where not even a connection comes about. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { JsonClient } from '../../../lib/price/json-client.ts'
import { JsonRpc, NodeUnreachable } from '../../../lib/x402/chain/json-rpc.ts'
import { BoundedFacilitatorClient } from '../../../lib/x402/facilitator/facilitator-client.ts'
import { startSilentHost } from '../../support/silent-host.ts'

/** Far more than any of the limits, and less than undici waits for a connection. */
const PATIENCE_MS = 8_000

const skip = process.platform !== 'linux' && 'other systems refuse a connection that their queue has no place for'

t.test('a host that takes no connection', { skip }, async (t) => {
  const url = await startSilentHost(t)
  const rpc = new JsonRpc(url)
  const prices = new JsonClient()
  const facilitator = new BoundedFacilitatorClient(url, undefined)
  t.teardown(() => Promise.all([rpc.close(), prices.close(), facilitator.close()]))
  const calls = {
    'a node': () => rpc.call('eth_chainId', [], AbortSignal.timeout(200)),
    'a node, with a limit that is over': () => rpc.call('eth_chainId', [], AbortSignal.abort()),
    'a price source': () => prices.get(url),
    'a facilitator': () => facilitator.getSupported()
  }
  const errors = await Promise.all(
    Object.values(calls).map((call) => Promise.race([call().catch((error) => error), sleep(PATIENCE_MS, 'too late')]))
  )
  Object.keys(calls).forEach((name, index) => {
    t.type(errors[index], Error, name)
  })
  t.type(errors[0], NodeUnreachable)
})
