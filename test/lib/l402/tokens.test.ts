import { hkdfSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { commonCaveats, judgeCaveats, requestCaveats } from '../../../lib/l402/caveats.ts'
import { KeyRing } from '../../../lib/l402/key-ring.ts'
import { readMacaroon } from '../../../lib/l402/macaroon.ts'
import { finishToken, mintTokenBase, tieToRoute } from '../../../lib/l402/mint.ts'
import { verifyToken } from '../../../lib/l402/token-verdict.ts'
import { DIGEST, NOW, narrow, proofOf, REQUEST, SECRET, sell, VALID_UNTIL, version2 } from './helpers.ts'

const COMPLETE = [...commonCaveats(VALID_UNTIL, 149_000n), ...requestCaveats(REQUEST)]
const TERMS = {
  validUntil: VALID_UNTIL,
  method: 'POST',
  path: '/v1/compute-power',
  requestSha256: DIGEST,
  priceMsat: 149_000n
}

t.test('KeyRing is HKDF-SHA256 with no salt and the identifier as info', async (t) => {
  const secrets = [7, 0, 4_294_967_295].map((keyId) => ({ keyId, secret: randomBytes(32) }))
  const keys = new KeyRing(secrets)
  t.equal(keys.mintingKeyId, 7, 'the first one mints')
  for (const { keyId, secret } of secrets)
    for (const length of [0, 1, 66, 200]) {
      const identifier = randomBytes(length)
      const expected = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), identifier, 32))
      t.same(keys.rootKey(keyId, identifier), expected, `key ${keyId}, ${length} bytes`)
    }
  t.equal(keys.rootKey(8, randomBytes(66)), undefined, 'rotated out')
  t.throws(() => new KeyRing([]), RangeError)
})

t.test('rotation: a new first secret mints, older tokens verify until their secret is taken out', async (t) => {
  const old = { keyId: 1, secret: SECRET }
  const fresh = { keyId: 2, secret: randomBytes(32) }
  const { header } = sell(new KeyRing([old]))
  const newer = sell(new KeyRing([fresh, old]))
  t.equal(verifyToken(new KeyRing([fresh, old]), header, REQUEST).ok, true)
  t.match(verifyToken(new KeyRing([fresh]), header, REQUEST), { ok: false, refusal: 'token_forged' })
  t.equal(verifyToken(new KeyRing([fresh]), newer.header, REQUEST).ok, true, 'the new key minted')
  const reused = new KeyRing([{ keyId: 1, secret: randomBytes(32) }])
  t.match(verifyToken(reused, header, REQUEST), { ok: false, refusal: 'token_forged' }, 'a key id with another secret')
})

t.test('caveats: exact text', async (t) => {
  t.same(COMPLETE, [
    'services=power-oracle:0',
    `power-oracle_valid_until=${VALID_UNTIL}`,
    'price_msat=149000',
    'method=POST',
    'path=/v1/compute-power',
    `request_sha256=${DIGEST}`
  ])
  t.same(judgeCaveats(COMPLETE, REQUEST), { ok: true, terms: TERMS })
})

t.test('caveats: every caveat of the service must be present', async (t) => {
  for (const missing of COMPLETE) {
    const rest = COMPLETE.filter((caveat) => caveat !== missing)
    t.same(judgeCaveats(rest, REQUEST), { ok: false, refusal: 'token_malformed' }, `without ${missing}`)
    t.same(judgeCaveats([...rest, missing], REQUEST), { ok: true, terms: TERMS }, 'in any order')
  }
  t.same(judgeCaveats([], REQUEST), { ok: false, refusal: 'token_malformed' })
})

t.test('caveats: what a holder may add', async (t) => {
  const ok = 'ok'
  const malformed = 'token_malformed'
  const cases: [added: string[], expected: string][] = [
    [['services=power-oracle:0'], ok],
    [['services=power-oracle:0,other:1'], malformed],
    [['services=other:1'], malformed],
    [['services=power-oracle:1'], malformed],
    [['services='], malformed],
    [['services'], malformed],
    [[`power-oracle_valid_until=${VALID_UNTIL}`], ok],
    [[`power-oracle_valid_until=${VALID_UNTIL - 1}`], ok],
    [[`power-oracle_valid_until=${VALID_UNTIL + 1}`], malformed],
    [[`power-oracle_valid_until=${NOW + 5}`, `power-oracle_valid_until=${NOW + 6}`], malformed],
    [[`power-oracle_valid_until=${NOW + 6}`, `power-oracle_valid_until=${NOW + 5}`], ok],
    [[`power-oracle_valid_until=${NOW}`], 'token_expired'],
    [['power-oracle_valid_until=0'], 'token_expired'],
    [['power-oracle_valid_until=999999999999'], malformed],
    [['power-oracle_valid_until=1000000000000'], malformed],
    [[`power-oracle_valid_until=${'9'.repeat(400)}`], malformed],
    [['power-oracle_valid_until=-1'], malformed],
    [['power-oracle_valid_until=1e9'], malformed],
    [['power-oracle_valid_until=NaN'], malformed],
    [['power-oracle_valid_until=0x10'], malformed],
    [['power-oracle_valid_until='], malformed],
    [[`power-oracle_valid_until= ${NOW + 5}`], malformed],
    [[`power-oracle_valid_until=${NOW + 5}\n`], malformed],
    [['price_msat=149000'], ok],
    [['price_msat=149001'], malformed],
    [['price_msat=148999'], malformed],
    [['price_msat=0149000'], malformed],
    [['price_msat=0'], malformed],
    [[`price_msat=${'9'.repeat(30)}`], malformed],
    [['method=POST'], ok],
    [['method=GET'], malformed],
    [['method=post'], malformed],
    [['method'], malformed],
    [['method='], malformed],
    [['path=/v1/compute-power'], ok],
    [['path=/v1/compute-power/'], malformed],
    [['path=/'], malformed],
    [[`request_sha256=${DIGEST}`], ok],
    [[`request_sha256=${DIGEST.toUpperCase()}`], malformed],
    [[`request_sha256=${'cd'.repeat(32)}`], malformed],
    [['preimage=1111', 'power-oracle_capabilities=none', 'other_valid_until=1', '=', '', 'x'], ok],
    [['Method=GET', ' method=GET', 'method =GET', 'PATH=/'], ok]
  ]
  for (const [added, expected] of cases) {
    const judged = judgeCaveats([...COMPLETE, ...added], REQUEST)
    t.equal(judged.ok ? ok : judged.refusal, expected, added.join(' & ').slice(0, 80))
  }
})

t.test('caveats: a token issued with other values', async (t) => {
  const [services, until, price, method, path, digest] = COMPLETE as [string, string, string, string, string, string]
  const cases: [string[], string][] = [
    [['services=other:0', until, method, path, digest, price], 'token_other_request'],
    [['services=power-oracle:1', until, method, path, digest, price], 'token_other_request'],
    [['services=power-oracle', until, method, path, digest, price], 'token_other_request'],
    [[services, until, 'method=GET', path, digest, price], 'token_other_request'],
    [[services, until, method, 'path=/v1/compute-power2', digest, price], 'token_other_request'],
    [[services, until, method, path, `request_sha256=${'0'.repeat(64)}`, price], 'token_other_request'],
    [[services, until, method, path, digest, 'price_msat=x'], 'token_malformed'],
    [[services, 'power-oracle_valid_until=soon', method, path, digest, price], 'token_malformed'],
    [['services=other:1,power-oracle:0', until, method, path, digest, price], 'ok']
  ]
  for (const [caveats, expected] of cases) {
    const judged = judgeCaveats(caveats, REQUEST)
    t.equal(judged.ok ? 'ok' : judged.refusal, expected, caveats.join(' & '))
  }
  const big = judgeCaveats([services, until, method, path, digest, 'price_msat=9223372036854775807'], REQUEST)
  t.match(big, { ok: true, terms: { priceMsat: 9_223_372_036_854_775_807n } }, 'amounts are not rounded')
})

t.test('caveats: the second of expiry is too late', async (t) => {
  const at = (now: number) => judgeCaveats(COMPLETE, { ...REQUEST, now }).ok
  t.equal(at(VALID_UNTIL - 0.001), true)
  t.equal(at(VALID_UNTIL), false)
  t.equal(at(VALID_UNTIL + 1), false)
  t.equal(at(0), true, 'a clock that was set back does not harm')
})

t.test('finish and verify', async (t) => {
  const { keys, token, bytes, header, preimage, paymentHash } = sell()
  const bought = { ok: true, paymentHash: paymentHash.toString('hex'), terms: TERMS }
  t.match(token, /^[A-Za-z0-9+/]+={0,2}$/, 'standard base64')
  t.equal(token.length % 4, 0, 'padded')
  t.same(
    readMacaroon(bytes)!.caveats.map((caveat) => caveat.toString()),
    COMPLETE
  )
  t.same(verifyToken(keys, header, REQUEST), bought)
  t.same(verifyToken(keys, proofOf(version2(readMacaroon(bytes)!), preimage), REQUEST), bought, 'version 2')
  const extended = narrow(bytes, `preimage=${preimage.toString('hex')}`)
  t.same(verifyToken(keys, proofOf(extended, preimage), REQUEST), bought, 'the reference client appends this')
  const narrowed = verifyToken(keys, proofOf(narrow(bytes, `power-oracle_valid_until=${NOW + 60}`), preimage), REQUEST)
  t.same(narrowed, { ...bought, terms: { ...TERMS, validUntil: NOW + 60 } })
  const foreign = narrow(bytes, Buffer.from([0x6d, 0xff, 0xfe, 0x3d, 0x00, 0x80]))
  t.same(verifyToken(keys, proofOf(foreign, preimage), REQUEST), bought, 'an unknown caveat that is not UTF-8')

  const refused: [string, string, Partial<typeof REQUEST>, string][] = [
    ['preimage of another invoice', proofOf(token, sell(keys).preimage), {}, 'preimage_wrong'],
    ['payment hash as preimage', proofOf(token, paymentHash), {}, 'preimage_wrong'],
    ['another request', header, { requestSha256: 'cd'.repeat(32) }, 'token_other_request'],
    ['another path', header, { path: '/v1/workouts/1/revisions' }, 'token_other_request'],
    ['another method', header, { method: 'GET' }, 'token_other_request'],
    ['expired', header, { now: VALID_UNTIL }, 'token_expired'],
    [
      'known caveat that is not UTF-8',
      proofOf(narrow(bytes, Buffer.from('method=POST\xff', 'latin1')), preimage),
      {},
      'token_malformed'
    ],
    ['widened', proofOf(narrow(bytes, 'power-oracle_valid_until=999999999999'), preimage), {}, 'token_malformed'],
    ['no macaroon', proofOf(randomBytes(200), preimage), {}, 'token_unreadable'],
    ['of another service', sell(new KeyRing([{ keyId: 1, secret: randomBytes(32) }])).header, {}, 'token_forged'],
    ['of an unknown key', sell(new KeyRing([{ keyId: 9, secret: SECRET }])).header, {}, 'token_forged']
  ]
  for (const [name, authorization, change, refusal] of refused)
    t.same(verifyToken(keys, authorization, { ...REQUEST, ...change }), { ok: false, refusal }, name)

  const other = sell(keys)
  const grafted = Buffer.from(bytes)
  other.bytes.copy(
    grafted,
    bytes.indexOf('identifier ') + 11,
    other.bytes.indexOf('identifier ') + 11,
    bytes.indexOf('cid ') - 4
  )
  t.match(verifyToken(keys, proofOf(grafted, other.preimage), REQUEST), { refusal: 'token_forged' }, 'grafted')
})

t.test('a base outlives many requests: each token is tied to its own', async (t) => {
  const { keys } = sell()
  t.throws(
    () => mintTokenBase({ mintingKeyId: 5, rootKey: () => undefined } as never, SECRET, 1, 1n, SECRET),
    RangeError
  )
  const [a, b] = [sell(keys, { path: '/a' }), sell(keys, { path: '/é b' })]
  t.equal(verifyToken(keys, a.header, { ...REQUEST, path: '/a' }).ok, true)
  t.equal(verifyToken(keys, b.header, { ...REQUEST, path: '/é b' }).ok, true, 'caveats are UTF-8')
  t.equal(verifyToken(keys, a.header, { ...REQUEST, path: '/é b' }).ok, false)
})

t.test('a base tied to a route gives the same tokens, for that route and for others', async (t) => {
  const { keys } = sell()
  for (const path of ['/v1/compute-power', '/', '/ab', '/é b']) {
    const base = mintTokenBase(keys, randomBytes(32), VALID_UNTIL, 149_000n, randomBytes(28))
    const tied = tieToRoute(base, { method: 'POST', path })
    for (const request of [
      { ...REQUEST, path },
      { ...REQUEST, path: '/other' },
      { ...REQUEST, path, method: 'GET' }
    ])
      t.equal(finishToken(tied, request), finishToken(base, request), `${path}: ${request.method} ${request.path}`)
  }
})

t.test('nothing that a holder adds lets a token do more', async () => {
  const { keys, bytes, preimage } = sell()
  const value = fc.oneof(
    fc.constantFrom('POST', 'GET', '/v1/compute-power', '/', DIGEST, 'cd'.repeat(32), '149000', '1', 'power-oracle:0'),
    fc.constantFrom(
      'power-oracle:0,other:0',
      '',
      ' ',
      `${VALID_UNTIL}`,
      `${VALID_UNTIL + 100}`,
      `${NOW - 1}`,
      `${NOW + 9}`
    ),
    fc.string({ maxLength: 12 })
  )
  const key = fc.constantFrom(
    ...['services', 'power-oracle_valid_until', 'method', 'path', 'request_sha256', 'price_msat', 'preimage', 'Method']
  )
  const caveat = fc.oneof(
    fc.tuple(key, value).map(([name, text]) => Buffer.from(`${name}=${text}`)),
    fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array))
  )
  const anyRequest = fc.record({
    method: fc.constantFrom('POST', 'GET'),
    path: fc.constantFrom('/v1/compute-power', '/'),
    requestSha256: fc.constantFrom(DIGEST, 'cd'.repeat(32)),
    now: fc.constantFrom(NOW, NOW + 8, VALID_UNTIL - 1, VALID_UNTIL, VALID_UNTIL + 50)
  })
  const request = fc.oneof(fc.constant(REQUEST), anyRequest)
  const seen = { taken: 0, refused: 0 }
  fc.assert(
    fc.property(fc.array(caveat, { maxLength: 5 }), request, (added, asked) => {
      const before = verifyToken(keys, proofOf(bytes, preimage), asked)
      const after = verifyToken(keys, proofOf(added.reduce<Buffer>(narrow, bytes), preimage), asked)
      seen[after.ok ? 'taken' : 'refused'] += 1
      if (!after.ok) return after.refusal !== 'token_forged'
      if (!before.ok) return false
      const { validUntil, ...rest } = after.terms
      const { validUntil: issued, ...bought } = before.terms
      return validUntil <= issued && JSON.stringify(rest, text) === JSON.stringify(bought, text)
    }),
    { numRuns: 3000 }
  )
  if (seen.taken < 100 || seen.refused < 100) throw new Error(`one-sided: ${JSON.stringify(seen)}`)
})

const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
