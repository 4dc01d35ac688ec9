import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { btcd, height } from './btcd.ts'
import { openChain } from './evm-chain.ts'
import { certificateOf, createWallet, lns, type Node, openNode } from './lnd.ts'
import { payInvoice } from './pay.ts'
import { say } from './say.ts'
import { until } from './until.ts'

const CREDENTIALS = '/credentials'
/** A worthless wallet seed. It is fixed, so that btcd can mine to the payer's first address before that LND runs. */
const PAYER_SEED =
  'abstract utility direct horn horror also matrix slide firm left head alarm ' +
  'near win fatal purpose snack drip canal december kind protect scare amazing'
/** Segwit is active from height 432 on, and mined coins can be spent after 100 blocks. */
const BLOCKS_TO_FUND = 110
const CHANNEL_SATS = 16_000_000
const PUSHED_SATS = 4_000_000
/** All that the service asks of the merchant's LND. `invoices:read` would show the preimages of unpaid invoices. */
const INVOICES_ONLY = ['info:read', 'invoices:write']

/**
 * Makes the network ready to sell: wallets, coins, an open channel, the token, and the credentials that the service
 * reads. Each step looks first whether it is done, so that this may run at every start.
 */
export async function setUp(): Promise<void> {
  const started = performance.now()
  const note = (what: string) => say(`[${((performance.now() - started) / 1000).toFixed(1)} s] ${what}`)
  const [merchant, payer] = await openNodes(note)
  await openChannel(merchant, payer, note)
  await handOut(merchant)
  note('the service has its certificate, an invoice-only macaroon and its L402 secret')
  const evm = openChain()
  try {
    note(`the development dollar is at ${await until('the development chain', () => evm.prepare())}`)
  } finally {
    await evm.close()
  }
  await provePayable(merchant, payer)
  note('a payment over Lightning went through: the network sells')
}

async function openNodes(note: (what: string) => void): Promise<[Node, Node]> {
  const open = async (name: 'lnd-merchant' | 'lnd-payer', seed?: string) => {
    if (await createWallet(name, seed)) note(`${name} has a new wallet`)
    const node = await openNode(name)
    note(`${name} answers`)
    return node
  }
  return Promise.all([open('lnd-merchant'), open('lnd-payer', PAYER_SEED)])
}

async function openChannel(merchant: Node, payer: Node, note: (what: string) => void): Promise<void> {
  await until('both nodes to follow the chain', () => areSynced(merchant, payer))
  const { channels } = await lns.getChannels({ lnd: payer.lnd, partner_public_key: merchant.publicKey })
  const { pending_channels: pending } = await lns.getPendingChannels({ lnd: payer.lnd })
  if (channels.length === 0) {
    if (!pending.some(({ is_opening: isOpening }) => isOpening)) {
      await fund(payer)
      note('the payer has coins')
      await connect(merchant, payer)
      await until('the channel to open', async () => {
        await areSynced(merchant, payer)
        return lns.openChannel({
          lnd: payer.lnd,
          local_tokens: CHANNEL_SATS,
          give_tokens: PUSHED_SATS,
          partner_public_key: merchant.publicKey,
          chain_fee_tokens_per_vbyte: 2,
          min_confirmations: 1
        })
      })
    }
    await btcd('generate', 1)
  }
  await until('the channel to be active', async () => {
    await connect(merchant, payer)
    const sides = [merchant, payer].map(({ lnd }) => lns.getChannels({ lnd, is_active: true }))
    return (await Promise.all(sides)).every(({ channels }) => channels.length > 0)
  })
  note(channels.length === 0 ? 'the channel is open' : 'the channel is open still')
}

/** LND connects again by itself, only later. */
async function connect(merchant: Node, payer: Node): Promise<void> {
  const peer = { public_key: merchant.publicKey, socket: `${merchant.name}:9735` }
  await until('the nodes to connect', async () => {
    const { peers } = await lns.getPeers({ lnd: payer.lnd })
    if (!peers.some(({ public_key: key }) => key === merchant.publicKey)) await lns.addPeer({ lnd: payer.lnd, ...peer })
    return true
  })
}

async function fund(payer: Node): Promise<void> {
  const coins = async () => (await lns.getChainBalance({ lnd: payer.lnd })).chain_balance
  if ((await coins()) > CHANNEL_SATS) return
  // The wallet watches an address from when it was asked for.
  await lns.createChainAddress({ lnd: payer.lnd, format: 'p2wpkh' })
  await btcd('generate', BLOCKS_TO_FUND)
  await until('the payer to have coins', async () => (await coins()) > CHANNEL_SATS)
}

async function areSynced(...nodes: readonly Node[]): Promise<boolean> {
  const reached = await height()
  const infos = await Promise.all(nodes.map(({ lnd }) => lns.getWalletInfo({ lnd })))
  return infos.every((info) => info.is_synced_to_chain && info.current_block_height >= reached)
}

async function handOut(merchant: Node): Promise<void> {
  const { macaroon } = await lns.grantAccess({ lnd: merchant.lnd, permissions: INVOICES_ONLY })
  place('tls.cert', readFileSync(certificateOf(merchant.name)))
  place('invoices.macaroon', Buffer.from(macaroon, 'base64'))
  if (!existsSync(join(CREDENTIALS, 'l402-secrets'))) place('l402-secrets', `1:${randomBytes(32).toString('hex')}`)
}

/** Whole or not at all. Only the service's own, unprivileged user has this volume apart from this program. */
function place(name: string, content: Buffer | string): void {
  const file = join(CREDENTIALS, name)
  writeFileSync(`${file}.new`, content, { mode: 0o444 })
  renameSync(`${file}.new`, file)
}

/** For about a second after the channel is active no route is found. */
async function provePayable(merchant: Node, payer: Node): Promise<void> {
  const { request } = await lns.createInvoice({ lnd: merchant.lnd, tokens: 1, description: 'set up' })
  await until('a payment to go through', () => payInvoice(payer, request))
}
