import { createHash, randomBytes } from 'node:crypto'
import { KeyRing } from '../../../lib/l402/key-ring.ts'
import { chainCaveat, type Macaroon, readMacaroon } from '../../../lib/l402/macaroon.ts'
import { finishToken, mintTokenBase } from '../../../lib/l402/mint.ts'

/** One version 1 packet, written here from its description, so that the reader is not tested with its own writer. */
export function packet(key: string, value: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from(`${key} `), Buffer.from(value), Buffer.from('\n')])
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, '0')), body])
}

export function version1({ identifier, caveats, signature }: Macaroon, location = 'somewhere'): Buffer {
  return Buffer.concat([
    packet('location', location),
    packet('identifier', identifier),
    ...caveats.map((caveat) => packet('cid', caveat)),
    packet('signature', signature)
  ])
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return Buffer.from(bytes)
  }
}

export const field = (type: number, value: Buffer | string) =>
  Buffer.concat([varint(type), varint(Buffer.byteLength(value)), Buffer.from(value)])

export function version2({ identifier, caveats, signature }: Macaroon, location = 'somewhere'): Buffer {
  return Buffer.concat([
    Buffer.from([2]),
    field(1, location),
    field(2, identifier),
    Buffer.from([0]),
    ...caveats.flatMap((caveat) => [field(2, caveat), Buffer.from([0])]),
    Buffer.from([0]),
    field(6, signature)
  ])
}

/** What a holder can do without any key: add one caveat at the end. */
export function narrow(token: Buffer, caveat: Buffer | string): Buffer {
  const macaroon = readMacaroon(token)!
  const added = Buffer.from(caveat)
  return version1({
    identifier: macaroon.identifier,
    caveats: [...macaroon.caveats, added],
    signature: chainCaveat(macaroon.signature, added)
  })
}

export const NOW_MS = 1_800_000_000_000
export const NOW = NOW_MS / 1000
export const VALID_UNTIL = NOW + 87_000
export const DIGEST = 'ab'.repeat(32)
export const REQUEST = { method: 'POST', path: '/v1/compute-power', requestSha256: DIGEST, now: NOW }
export const SECRET = Buffer.from('5ec2e7'.padEnd(64, '7'), 'hex')

/** A token of this service and the preimage that paid for it. */
export function sell(keys = new KeyRing([{ keyId: 1, secret: SECRET }]), terms: Partial<typeof REQUEST> = {}) {
  const preimage = randomBytes(32)
  const paymentHash = createHash('sha256').update(preimage).digest()
  const { method, path, requestSha256 } = { ...REQUEST, ...terms }
  const base = mintTokenBase(keys, paymentHash, VALID_UNTIL, 149_000n, randomBytes(28))
  const token = finishToken(base, { method, path, requestSha256 })
  return {
    keys,
    preimage,
    paymentHash,
    token,
    bytes: Buffer.from(token, 'base64'),
    header: proofOf(token, preimage)
  }
}

export function proofOf(token: string | Buffer, preimage: Buffer): string {
  return `L402 ${typeof token === 'string' ? token : token.toString('base64')}:${preimage.toString('hex')}`
}
