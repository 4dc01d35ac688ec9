import { PAY_TO } from '../../lib/x402/embedded/embedded-chain.ts'
import { openChain } from './evm-chain.ts'
import { lns, openNode } from './lnd.ts'
import { say } from './say.ts'

const INVOICE_PAGE = 1000

/** What was received over each rail since the network began, as the node and the chain know it: JSON. */
export async function received(): Promise<void> {
  const { lnd } = await openNode('lnd-merchant')
  let sats = 0
  let token: string | undefined
  do {
    const page = await lns.getInvoices({ lnd, ...(token === undefined ? { limit: INVOICE_PAGE } : { token }) })
    for (const invoice of page.invoices)
      if (invoice.is_confirmed && invoice.description !== 'set up') sats += invoice.received
    token = page.next
  } while (token !== undefined)
  const evm = openChain()
  const atomic = await evm.balanceOf(PAY_TO).finally(() => evm.close())
  say(JSON.stringify({ sats, atomic: String(atomic) }))
}
