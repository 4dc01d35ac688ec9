/** A real Lightning network on loopback: btcd, a merchant LND, a payer LND, and one channel from payer to merchant. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, Processes } from '../support/processes.ts'
import { describe, until } from '../support/until.ts'
import { type Btcd, startBtcd } from './btcd.ts'
import { nodesFolder } from './build-nodes.ts'
import { LndNode, type NodePlan } from './lnd.ts'
import { lns } from './lns.ts'

/** A worthless wallet seed. It is fixed, so that btcd can mine to the payer's first address before that LND runs. */
const SEED =
  'abstract utility direct horn horror also matrix slide firm left head alarm ' +
  'near win fatal purpose snack drip canal december kind protect scare amazing'
const FIRST_ADDRESS = 'bcrt1quheyh4gk3e0u5eqnvmudsyt20j7ap0wlc0du0v'
const PASSWORD = 'regtest-only-password'
/** LND makes a wallet by itself. */
const NO_SEED = '--noseedbackup'

/** Segwit is active from height 432 on; the first blocks are mined while the nodes start. */
const EARLY_BLOCKS = 330
const LATER_BLOCKS = 110
const CHANNEL_SATS = 16_000_000
const PUSHED_SATS = 4_000_000

/** What the LND of a service needs to give away and no more; the service runs with this one. */
const INVOICE_ONLY = ['info:read', 'invoices:write']

export interface Regnet {
  /** Holds every log and all data; gone after `close`, kept when `close` is told that something failed. */
  readonly folder: string
  readonly processes: Processes
  readonly merchant: LndNode
  readonly payer: LndNode
  /** Macaroon of the merchant with these permissions, as base64. Without a list: invoices only. */
  macaroon(permissions?: string[]): Promise<string>
  /** Starts another node, without coins and channels. */
  startNode(name: string): Promise<LndNode>
  mine(blocks: number): Promise<void>
  /** Pays with the payer's LND and gives the preimage as hex. */
  pay(invoice: string): Promise<string>
  /** Waits until payments go through: after a start or a restart that takes a moment longer than the nodes do. */
  untilPayable(): Promise<void>
  /** Satoshis that the merchant received by paid invoices, and how many those were. */
  received(): Promise<{ sats: number; invoices: number }>
  close(failed: boolean): Promise<void>
}

/** Starts the network and makes a first payment, so that the tests' own payments find a route at once. */
export async function startRegnet(say: (line: string) => void): Promise<Regnet> {
  const folder = mkdtempSync(join(tmpdir(), 'power-oracle-regtest-'))
  const processes = new Processes()
  try {
    const started = performance.now()
    const nodes = await startNodes(processes, folder)
    const regnet = describeNetwork(folder, processes, nodes)
    await regnet.untilPayable()
    say(`regtest network up after ${Math.round(performance.now() - started)} ms: ${folder}`)
    return regnet
  } catch (error) {
    say(`the regtest network did not come up; logs are in ${folder}`)
    await processes.close()
    throw new Error(`regtest network: ${describe(error)} (logs: ${folder})`, { cause: error })
  }
}

async function startNodes(processes: Processes, folder: string) {
  const binaries = nodesFolder()
  const [btcdPorts, merchantPorts, payerPorts] = portPairs(await freePorts(6))
  const passwordFile = join(folder, 'wallet-password')
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 })
  const btcd = await startBtcd(processes, join(binaries, 'btcd'), join(folder, 'btcd'), FIRST_ADDRESS, btcdPorts!)
  const node = (name: string, ports: Ports, ...flags: string[]) =>
    new LndNode(processes, btcd, { name, flags, binary: join(binaries, 'lnd'), folder: join(folder, name), ports })
  const merchant = node('merchant', merchantPorts!, NO_SEED)
  const unlocked = [`--wallet-unlock-password-file=${passwordFile}`, '--wallet-unlock-allow-create']
  const payer = node('payer', payerPorts!, ...unlocked)
  await Promise.all([
    btcd.mine(EARLY_BLOCKS),
    merchant.start().then(() => merchant.open()),
    payer
      .start()
      .then(() => payer.createWallet(SEED, PASSWORD))
      .then(() => payer.open())
  ])
  await fund(btcd, merchant, payer)
  await openChannel(btcd, merchant, payer)
  const startNode = async (name: string) => {
    const [ports] = portPairs(await freePorts(2))
    const started = node(name, ports!, NO_SEED)
    await started.start()
    await started.open()
    return started
  }
  return { btcd, merchant, payer, startNode }
}

type Ports = NodePlan['ports']

function portPairs(ports: readonly number[]): Ports[] {
  return Array.from({ length: ports.length / 2 }, (_, pair) => ({ p2p: ports[2 * pair]!, rpc: ports[2 * pair + 1]! }))
}

async function fund(btcd: Btcd, merchant: LndNode, payer: LndNode): Promise<void> {
  const { address } = await lns.createChainAddress({ lnd: payer.lnd, format: 'p2wpkh' })
  if (address !== FIRST_ADDRESS) throw new Error(`the seed's first address is ${address}, not ${FIRST_ADDRESS}`)
  await btcd.mine(LATER_BLOCKS)
  const height = await btcd.height()
  for (const { name, lnd } of [merchant, payer]) {
    await until(`the sync of ${name}`, async () => {
      const info = await lns.getWalletInfo({ lnd })
      return info.is_synced_to_chain && info.current_block_height === height
    })
  }
  await until('the payer to have coins', async () => {
    return (await lns.getChainBalance({ lnd: payer.lnd })).chain_balance > CHANNEL_SATS
  })
}

async function openChannel(btcd: Btcd, merchant: LndNode, payer: LndNode): Promise<void> {
  const peer = { public_key: merchant.publicKey, socket: merchant.p2p }
  await until('the peers to connect', async () => {
    await lns.addPeer({ lnd: payer.lnd, ...peer })
    return true
  })
  await until('the channel to open', () =>
    lns.openChannel({
      lnd: payer.lnd,
      local_tokens: CHANNEL_SATS,
      give_tokens: PUSHED_SATS,
      partner_public_key: merchant.publicKey,
      chain_fee_tokens_per_vbyte: 2,
      min_confirmations: 1
    })
  )
  await btcd.mine(1)
  await until('the channel to be active', async () => {
    const sides = [merchant, payer].map(({ lnd }) => lns.getChannels({ lnd, is_active: true }))
    return (await Promise.all(sides)).every(({ channels }) => channels.length > 0)
  })
}

function describeNetwork(
  folder: string,
  processes: Processes,
  { btcd, merchant, payer, startNode }: Awaited<ReturnType<typeof startNodes>>
): Regnet {
  const pay = async (invoice: string) => {
    try {
      return (await lns.pay({ lnd: payer.lnd, request: invoice })).secret
    } catch (error) {
      throw new Error(`the payment failed: ${describe(error)}`, { cause: error })
    }
  }
  return {
    folder,
    processes,
    merchant,
    payer,
    macaroon: async (permissions = INVOICE_ONLY) => {
      return (await lns.grantAccess({ lnd: merchant.lnd, permissions })).macaroon
    },
    startNode,
    mine: (blocks) => btcd.mine(blocks),
    pay,
    untilPayable: async () => {
      const { request } = await lns.createInvoice({ lnd: merchant.lnd, tokens: 150 })
      await until('a payment to go through', () => pay(request))
    },
    received: async () => {
      const { invoices } = await lns.getInvoices({ lnd: merchant.lnd, is_unconfirmed: false, limit: 10_000 })
      const paid = invoices.filter((invoice) => invoice.is_confirmed)
      return { sats: paid.reduce((sum, invoice) => sum + invoice.received, 0), invoices: paid.length }
    },
    close: async (failed) => {
      await processes.close()
      if (!failed) rmSync(folder, { recursive: true, force: true })
    }
  }
}
