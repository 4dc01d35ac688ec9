import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AuthenticatedLnd } from 'lightning'
import { until } from './until.ts'

/** `ln-service` has no types of its own: they are those of the `lightning` package, which it re-exports. */
export const lns: typeof import('lightning') = createRequire(import.meta.url)('ln-service')

/** A node of the network, by its host name; its files are mounted in a folder of the same name. */
export type NodeName = 'lnd-merchant' | 'lnd-payer'

/** As in ops/compose/wallet-password, with which LND unlocks its wallet at each start. */
const PASSWORD = 'regtest-only-password'
const MACAROON_FILE = 'data/chain/bitcoin/regtest/admin.macaroon'

export interface Node {
  readonly name: NodeName
  readonly lnd: AuthenticatedLnd
  readonly publicKey: string
}

/** The path of LND's certificate. */
export function certificateOf(name: NodeName): string {
  return `/${name}/tls.cert`
}

/** Creates the wallet where there is none. @returns whether it did */
export async function createWallet(name: NodeName, seed?: string): Promise<boolean> {
  const { lnd } = await until(`the certificate of ${name}`, async () =>
    lns.unauthenticatedLndGrpc({ cert: base64Of(certificateOf(name)), socket: socketOf(name) })
  )
  const { is_absent: isAbsent } = await until(`the wallet of ${name}`, () => lns.getWalletStatus({ lnd }))
  if (!isAbsent) return false
  await lns.createWallet({ lnd, password: PASSWORD, seed: seed ?? (await lns.createSeed({ lnd })).seed })
  return true
}

/** Connects as admin and waits until the node answers. */
export async function openNode(name: NodeName): Promise<Node> {
  const file = `/${name}/${MACAROON_FILE}`
  await until(`the macaroon of ${name}`, async () => existsSync(file) && readFileSync(file).length > 0)
  const { lnd } = lns.authenticatedLndGrpc({
    cert: base64Of(certificateOf(name)),
    macaroon: base64Of(file),
    socket: socketOf(name)
  })
  const { public_key: publicKey } = await until(`an answer of ${name}`, () => lns.getWalletInfo({ lnd }))
  return { name, lnd, publicKey }
}

export function socketOf(name: NodeName): string {
  return `${name}:10009`
}

function base64Of(file: string): string {
  return readFileSync(file).toString('base64')
}
