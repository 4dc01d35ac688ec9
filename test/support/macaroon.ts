import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/*
 * Macaroons as a holder, or a forger, can make them: from the specification alone, without the service's own code.
 */

const hmac = (key: string | Buffer, message: string | Buffer): Buffer =>
  createHmac('sha256', key).update(message).digest()
export const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest()

/** Packets of the version 1 binary form: key and value. */
export function packetsOf(token: string): [key: string, value: Buffer][] {
  const bytes = Buffer.from(token, 'base64')
  const packets: [string, Buffer][] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + Number.parseInt(bytes.toString('latin1', at, at + 4), 16)
    const space = bytes.indexOf(0x20, at + 4)
    packets.push([bytes.toString('latin1', at + 4, space), bytes.subarray(space + 1, end - 1)])
    at = end
  }
  return packets
}

export function caveatsOf(token: string): string[] {
  return packetsOf(token).flatMap(([key, value]) => (key === 'cid' ? [value.toString()] : []))
}

function write(packets: readonly (readonly [key: string, value: string | Buffer])[]): string {
  const parts = packets.map(([key, value]) => {
    const bytes = Buffer.from(value)
    const length = 4 + key.length + 1 + bytes.length + 1
    return Buffer.concat([Buffer.from(`${length.toString(16).padStart(4, '0')}${key} `), bytes, Buffer.from('\n')])
  })
  return Buffer.concat(parts).toString('base64')
}

/** What a holder can do: one more caveat. Without `sign` the old signature stays. */
export function withCaveat(token: string, caveat: string, sign = true): string {
  const packets = packetsOf(token)
  const [, signature] = packets.pop()!
  return write([...packets, ['cid', caveat], ['signature', sign ? hmac(signature, caveat) : signature]])
}

/** The same macaroon in the version 2 binary form, which some clients send back. */
export function toVersion2(token: string): string {
  const parts: Buffer[] = [Buffer.from([2])]
  const end = () => parts.push(Buffer.from([0]))
  const field = (type: number, value: Buffer) => {
    const length = value.length < 128 ? [value.length] : [(value.length & 127) | 128, value.length >> 7]
    parts.push(Buffer.from([type, ...length]), value)
  }
  for (const [key, value] of packetsOf(token)) {
    if (key === 'signature') end()
    field({ location: 1, signature: 6 }[key] ?? 2, value)
    if (key === 'identifier' || key === 'cid') end()
  }
  return Buffer.concat(parts).toString('base64')
}

/** A token with these caveats from a master secret, with a preimage of its own: an `Authorization` value. */
export function mintAuthorization(secret: Buffer, keyId: number, caveats: readonly string[]): string {
  const preimage = randomBytes(32)
  const tokenId = randomBytes(32)
  tokenId.writeUInt32BE(keyId)
  const identifier = Buffer.concat([Buffer.from([0, 0]), sha256(preimage), tokenId])
  const rootKey = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), identifier, 32))
  const signature = caveats.reduce<Buffer>(hmac, hmac(hmac('macaroons-key-generator', rootKey), identifier))
  const cids = caveats.map((caveat) => ['cid', caveat] as const)
  const token = write([['location', 'power-oracle'], ['identifier', identifier], ...cids, ['signature', signature]])
  return `L402 ${token}:${preimage.toString('hex')}`
}
