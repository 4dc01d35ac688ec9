import { PAY_TO, PAYER } from '../../lib/x402/embedded/embedded-chain.ts'
import { height } from './btcd.ts'
import { openChain } from './evm-chain.ts'
import { lns, openNode } from './lnd.ts'
import { say } from './say.ts'

const TOKEN_UNIT = 1_000_000

/** Prints what everybody has: sats on the chain and in the channel, development dollars. */
export async function balance(): Promise<void> {
  say(`regtest: height ${await height()}`)
  for (const name of ['lnd-merchant', 'lnd-payer'] as const) {
    const { lnd } = await openNode(name)
    const [{ chain_balance: chain }, { channel_balance: channel, inbound }, { channels }] = await Promise.all([
      lns.getChainBalance({ lnd }),
      lns.getChannelBalance({ lnd }),
      lns.getChannels({ lnd, is_active: true })
    ])
    say(
      `${name}: ${chain} sats on the chain, ${channel} in the channel and ${inbound} to receive, ${channels.length} active`
    )
  }
  const evm = openChain()
  try {
    for (const [name, address] of [
      ['seller', PAY_TO],
      ['payer', PAYER.address]
    ] as const)
      say(`${name}: ${Number(await evm.balanceOf(address)) / TOKEN_UNIT} development dollars at ${address}`)
  } finally {
    await evm.close()
  }
}
