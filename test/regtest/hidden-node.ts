/** An LND whose only channel is announced to nobody, beyond the merchant of a regtest network. */

import { until } from '../support/until.ts'
import type { LndNode } from './lnd.ts'
import { lns } from './lns.ts'
import type { Regnet } from './regnet.ts'

const CHANNEL_SATS = 1_000_000
const COINS_SATS = 1_200_000
/** A channel is announced when it is so deep. */
const ANNOUNCED_AFTER_BLOCKS = 6

/**
 * Starts the node. Its peer, the merchant, can send all of their channel to it; the payer knows no way to it but one
 * that an invoice hints at, through the merchant.
 */
export async function startHiddenNode(regnet: Regnet): Promise<LndNode> {
  const { merchant, payer } = regnet
  const hidden = await regnet.startNode('hidden')
  const { address } = await lns.createChainAddress({ lnd: merchant.lnd, format: 'p2wpkh' })
  await lns.sendToChainAddress({ lnd: payer.lnd, address, tokens: COINS_SATS })
  await regnet.mine(ANNOUNCED_AFTER_BLOCKS)
  await until('the merchant to have coins', async () => {
    return (await lns.getChainBalance({ lnd: merchant.lnd })).chain_balance >= COINS_SATS
  })
  await until('the peers to connect', async () => {
    await lns.addPeer({ lnd: merchant.lnd, public_key: hidden.publicKey, socket: hidden.p2p })
    return true
  })
  await until('the channel to open', () =>
    lns.openChannel({
      lnd: merchant.lnd,
      local_tokens: CHANNEL_SATS,
      partner_public_key: hidden.publicKey,
      is_private: true,
      chain_fee_tokens_per_vbyte: 2,
      min_confirmations: 1
    })
  )
  await regnet.mine(ANNOUNCED_AFTER_BLOCKS)
  await until('the channel to be active', async () => {
    const { channels } = await lns.getChannels({ lnd: hidden.lnd, is_active: true, is_private: true })
    return channels.length > 0
  })
  // LND hints at no peer that it takes for hidden too.
  await until('the hidden node to know its peer', async () => {
    const { channels } = await lns.getNode({ lnd: hidden.lnd, public_key: merchant.publicKey })
    return channels !== undefined && channels.length > 0
  })
  return hidden
}
