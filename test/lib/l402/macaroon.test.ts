import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import macaroons from 'macaroons.js'
import t from 'tap'
import { readIdentifier, writeIdentifier } from '../../../lib/l402/key-ring.ts'
import {
  chainCaveat,
  deriveMacaroonKey,
  MAX_MACAROON_BYTES,
  type Macaroon,
  macaroonIsSignedBy,
  readMacaroon
} from '../../../lib/l402/macaroon.ts'
import { field, packet, REQUEST, sell, varint, version1, version2 } from './helpers.ts'

const { MacaroonsBuilder, MacaroonsConstants, MacaroonsVerifier } = macaroons

// The one switch without which macaroons.js loses binary identifiers; minting sets it too.
MacaroonsConstants.IDENTIFIER_CHARSET = 'latin1'
const vector = JSON.parse(readFileSync(new URL('../../vectors/l402-vector.json', import.meta.url), 'utf8'))
const derivedKey = Buffer.from(vector.derivedKeyHex, 'hex')

/** A macaroon signed by hand, HMAC by HMAC. */
function sign(key: Buffer, identifier: Buffer, caveats: Buffer[]): Macaroon {
  let signature = createHmac('sha256', key).update(identifier).digest()
  for (const caveat of caveats) signature = createHmac('sha256', signature).update(caveat).digest()
  return { identifier, caveats, signature }
}

t.test('the vector that Go and Python verified', async (t) => {
  t.equal(deriveMacaroonKey(Buffer.from(vector.rootKeyHex, 'hex')).toString('hex'), vector.derivedKeyHex)
  for (const form of ['v1', 'v2']) {
    const macaroon = readMacaroon(Buffer.from(vector[form], 'base64'))!
    t.equal(macaroon.identifier.toString('hex'), vector.identifierHex, form)
    t.same(
      macaroon.caveats.map((caveat) => caveat.toString()),
      vector.caveats,
      form
    )
    t.equal(macaroon.signature.toString('hex'), vector.signatureHex, form)
    t.equal(macaroonIsSignedBy(macaroon, derivedKey), true, form)
    t.equal(macaroonIsSignedBy(macaroon, Buffer.from(vector.rootKeyHex, 'hex')), false, 'the root key is not the key')
  }
  const parts = readMacaroon(Buffer.from(vector.v1, 'base64'))!
  t.equal(version1(parts, vector.location).toString('base64'), vector.v1, "the helpers' writers are right too")
  t.equal(version2(parts, vector.location).toString('base64'), vector.v2)
})

t.test('what macaroons.js mints, we verify, in both forms', async (t) => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 90 }).map((array) => Buffer.from(array))
  fc.assert(
    fc.property(
      bytes,
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.array(bytes, { maxLength: 20 }),
      (identifier, secret, caveats) => {
        const key = Buffer.from(secret)
        const builder = new MacaroonsBuilder('power', key, identifier.toString('latin1'))
        for (const caveat of caveats) builder.add_first_party_caveat(caveat.toString('latin1'))
        const serialized = Buffer.from(builder.getMacaroon().serialize(), 'base64url')
        const macaroon = readMacaroon(serialized)
        if (macaroon === undefined) return false
        t.same(macaroon, { ...sign(key, identifier, caveats) })
        t.same(readMacaroon(version2(macaroon)), macaroon)
        return macaroonIsSignedBy(macaroon, key) && !macaroonIsSignedBy(macaroon, randomBytes(32))
      }
    ),
    { numRuns: 300 }
  )
})

t.test('what we finish, macaroons.js verifies', async (t) => {
  for (let i = 0; i < 300; i++) {
    const path = `/v1/${randomBytes(i % 40).toString('hex')}`
    const { token, bytes, keys, paymentHash } = sell(undefined, {
      path,
      requestSha256: randomBytes(32).toString('hex')
    })
    const theirs = MacaroonsBuilder.deserialize(token)
    const identifier = Buffer.from(theirs.identifier, 'latin1')
    const key = deriveMacaroonKey(keys.rootKey(keys.mintingKeyId, identifier)!)
    const verifier = new MacaroonsVerifier(theirs).satisfyGeneral(() => true)
    if (!verifier.isValid(key)) t.fail(`macaroons.js does not verify ${token}`)
    if (new MacaroonsVerifier(theirs).satisfyGeneral(() => true).isValid(randomBytes(32))) t.fail('any key does')
    const ours = readMacaroon(bytes)!
    t.same(
      theirs.caveatPackets.map(({ rawValue }) => rawValue),
      ours.caveats
    )
    t.same(readIdentifier(identifier), { paymentHash, keyId: keys.mintingKeyId })
  }
})

t.test('one flipped bit anywhere: not verified, or the same macaroon to the last byte that is signed', async (t) => {
  const { bytes, keys } = sell()
  const original = readMacaroon(bytes)!
  const key = deriveMacaroonKey(keys.rootKey(1, original.identifier)!)
  const locationEnd = packet('location', 'power-oracle').length
  let harmless = 0
  for (const form of [bytes, version2(original, 'power-oracle')]) {
    t.ok(macaroonIsSignedBy(readMacaroon(form)!, key))
    for (let bit = 0; bit < form.length * 8; bit++) {
      const flipped = Buffer.from(form)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const macaroon = readMacaroon(flipped)
      if (macaroon === undefined || !macaroonIsSignedBy(macaroon, key)) continue
      harmless += 1
      // A location is a hint that no macaroon signs; a length digit may be written in either case.
      const isCase = form === bytes && (bit & 7) === 5 && /[a-f]/.test(String.fromCharCode(form[bit >> 3]!))
      if (bit >> 3 >= locationEnd && !isCase) t.fail(`bit ${bit} can be flipped`)
      t.same(macaroon, original)
    }
  }
  t.ok(harmless > 0 && harmless < 2 * 8 * locationEnd, `${harmless} harmless flips, nearly all in the location`)
})

t.test('no bytes make the reader throw, and no part of a macaroon is one', async () => {
  const { bytes } = sell()
  const whole = [bytes, version2(readMacaroon(bytes)!)]
  for (const form of whole)
    for (let length = 0; length < form.length; length++)
      if (readMacaroon(form.subarray(0, length)) !== undefined) throw new Error(`${length} bytes were taken`)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('', '\x02', '0013location x\n'), (array, head) => {
      const macaroon = readMacaroon(Buffer.concat([Buffer.from(head), array]))
      return macaroon === undefined || macaroon.signature.length === 32
    }),
    { numRuns: 2000 }
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...whole),
      fc.nat(700),
      fc.nat(8),
      fc.uint8Array({ maxLength: 8 }),
      (form, at, cut, put) => {
        const spliced = Buffer.concat([form.subarray(0, at), put, form.subarray(at + cut)])
        const macaroon = readMacaroon(spliced)
        return macaroon === undefined || macaroon.signature.length === 32
      }
    ),
    { numRuns: 3000 }
  )
})

t.test('whatever is not exactly one first-party macaroon is refused', async (t) => {
  const identifier = Buffer.alloc(66, 7)
  const signature = Buffer.alloc(32, 9)
  const one = { identifier, caveats: [Buffer.from('a=b')], signature }
  const id = packet('identifier', identifier)
  const cid = packet('cid', 'a=b')
  const sig = packet('signature', signature)
  const many = (count: number) => ({ ...one, caveats: Array.from({ length: count }, () => Buffer.from('a=b')) })
  const end = Buffer.from([0])
  const head = Buffer.concat([Buffer.from([2]), field(2, identifier), end])
  const tail = Buffer.concat([end, field(6, signature)])
  const good: [string, Buffer][] = [
    ['version 1', version1(one)],
    ['version 1 without location', Buffer.concat([id, cid, sig])],
    ['version 1 with an empty caveat', Buffer.concat([id, packet('cid', ''), sig])],
    ['version 1, 32 caveats', version1(many(32))],
    ['version 2', version2(one)],
    ['version 2 without location', Buffer.concat([head, tail])],
    ['version 2 with the location of a caveat', Buffer.concat([head, field(1, 'x'), field(2, 'a=b'), end, tail])],
    ['version 2, 32 caveats', version2(many(32))]
  ]
  for (const [name, bytes] of good) t.ok(readMacaroon(bytes), name)
  const bad: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['a signature alone', sig],
    ['31 bytes', Buffer.alloc(31)],
    ['identifier twice', Buffer.concat([id, id, cid, sig])],
    ['signature twice', Buffer.concat([id, cid, sig, sig])],
    ['a caveat after the signature', Buffer.concat([id, sig, cid])],
    ['a caveat before the identifier', Buffer.concat([cid, id, sig])],
    ['a location in the middle', Buffer.concat([id, packet('location', 'x'), cid, sig])],
    ['location twice', Buffer.concat([packet('location', 'x'), packet('location', 'x'), id, sig])],
    ['location alone', packet('location', 'x'.repeat(64))],
    ['no identifier', Buffer.concat([packet('location', 'x'), cid, sig])],
    ['no signature', Buffer.concat([id, cid])],
    ['a third-party caveat', Buffer.concat([id, cid, packet('vid', 'v'), packet('cl', 'l'), sig])],
    ['a packet of another name', Buffer.concat([id, packet('note', 'x'), sig])],
    ['a key in capitals', Buffer.concat([packet('Identifier', identifier), sig])],
    ['bytes after the end', Buffer.concat([version1(one), Buffer.from('\n')])],
    ['a short signature', version1({ ...one, signature: Buffer.alloc(31) })],
    ['a long signature', version1({ ...one, signature: Buffer.alloc(33) })],
    ['33 caveats', version1(many(33))],
    ['no newline at the end of a packet', Buffer.concat([id, Buffer.from('000ccid a=b-'), sig])],
    ['no space in a packet', Buffer.concat([id, Buffer.from('000ccid_a=b\n'), sig])],
    ['a packet of length 0', Buffer.concat([id, Buffer.from('0000cid a=b\n'), sig])],
    ['a packet longer than the macaroon', Buffer.concat([id, cid, Buffer.from('ffffsignature '), signature])],
    ['a length that is no hex', Buffer.concat([id, Buffer.from('0x0ccid a=b\n'), sig])],
    ['a length with a sign', Buffer.concat([id, Buffer.from('+00ccid a=b\n'), sig])],
    ['a length with a blank', Buffer.concat([id, Buffer.from(' 00ccid a=b\n'), sig])],
    ['too long', version1({ ...one, caveats: [Buffer.alloc(MAX_MACAROON_BYTES)] })],
    [
      'version 2: identifier twice',
      Buffer.concat([Buffer.from([2]), field(2, identifier), field(2, identifier), tail])
    ],
    [
      'version 2: location after identifier',
      Buffer.concat([Buffer.from([2]), field(2, 'i'), field(1, 'l'), end, tail])
    ],
    ['version 2: no identifier', Buffer.concat([Buffer.from([2]), field(1, 'l'.repeat(40)), end, tail])],
    ['version 2: a third-party caveat', Buffer.concat([head, field(2, 'a'), field(4, 'v'), end, tail])],
    ['version 2: an unknown field', Buffer.concat([head, field(3, 'a'), end, tail])],
    ['version 2: signature in a section', Buffer.concat([head, field(6, signature)])],
    ['version 2: no signature', Buffer.concat([head, field(2, 'x'.repeat(40)), end, end])],
    ['version 2: signature twice', Buffer.concat([head, tail, field(6, signature)])],
    ['version 2: a short signature', Buffer.concat([head, end, field(6, signature.subarray(1))])],
    ['version 2: 33 caveats', version2(many(33))],
    ['version 2: a length past the end', Buffer.concat([head, varint(2), varint(2_000_000), tail])],
    ['version 2: a length of 2^32', Buffer.concat([head, varint(2), varint(2 ** 32), tail])],
    [
      'version 2: a length that wraps to 3',
      Buffer.concat([head, varint(2), varint(2 ** 32 + 3), Buffer.from('a=b'), tail])
    ],
    ['version 2: a varint without end', Buffer.concat([head, Buffer.alloc(40, 0xff)])],
    ['version 2: a varint cut off', Buffer.concat([head, Buffer.from([2, 0x80])])],
    ['JSON of version 2', Buffer.from(JSON.stringify({ v: 2, i: 'identifier', c: [], s64: 'A'.repeat(43) }))]
  ]
  for (const [name, bytes] of bad) t.equal(readMacaroon(bytes), undefined, name)
})

t.test('smuggled packets are in the chain: what is read is what was signed', async (t) => {
  const { bytes, keys } = sell()
  const original = readMacaroon(bytes)!
  const key = deriveMacaroonKey(keys.rootKey(1, original.identifier)!)
  const smuggled = packet('cid', `path=${REQUEST.path}`)
  // macaroons.js passes these where a verifier names the caveats that it knows.
  for (let at = 0, offset = 0; offset < bytes.length; at++) {
    const length = Number.parseInt(bytes.toString('latin1', offset, offset + 4), 16)
    const forged = readMacaroon(Buffer.concat([bytes.subarray(0, offset), smuggled, bytes.subarray(offset)]))
    t.notOk(forged && macaroonIsSignedBy(forged, key), `before packet ${at}`)
    const dropped = readMacaroon(Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + length)]))
    if (at > 0) t.notOk(dropped && macaroonIsSignedBy(dropped, key), `without packet ${at}`)
    offset += length
  }
  const swapped = { ...original, caveats: [original.caveats[1]!, original.caveats[0]!, ...original.caveats.slice(2)] }
  t.notOk(macaroonIsSignedBy(swapped, key), 'order counts')
  const joined = { ...original, caveats: [Buffer.concat(original.caveats)] }
  t.notOk(macaroonIsSignedBy(joined, key), 'borders count')
})

t.test('chainCaveat is the HMAC that holders compute', async (t) => {
  const macaroon = sign(derivedKey, Buffer.from('i'), [Buffer.from('a'), Buffer.from('b')])
  const shorter = sign(derivedKey, Buffer.from('i'), [Buffer.from('a')])
  t.same(chainCaveat(shorter.signature, Buffer.from('b')), macaroon.signature)
})

t.test('identifier: u16 version | payment hash | key id and random', async (t) => {
  const written = writeIdentifier(Buffer.alloc(32, 0xaa), 0x01020304, Buffer.alloc(28, 0xbb))
  t.equal(written.toString('hex'), `0000${'aa'.repeat(32)}01020304${'bb'.repeat(28)}`)
  t.same(readIdentifier(written), { paymentHash: Buffer.alloc(32, 0xaa), keyId: 0x01020304 })
  t.equal(readIdentifier(writeIdentifier(Buffer.alloc(32), 0xffffffff, Buffer.alloc(28)))?.keyId, 0xffffffff)
  t.same(readIdentifier(Buffer.from(vector.identifierHex, 'hex')), {
    paymentHash: Buffer.from(vector.identifierHex.slice(4, 68), 'hex'),
    keyId: 0x22222222
  })
  const bad = [written.subarray(1), Buffer.concat([written, Buffer.from([0])]), Buffer.alloc(0), Buffer.alloc(66, 1)]
  for (const identifier of bad) t.equal(readIdentifier(identifier), undefined, `${identifier.length} bytes`)
})
