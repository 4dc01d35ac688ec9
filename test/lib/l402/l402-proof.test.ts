import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { KeyRing } from '../../../lib/l402/key-ring.ts'
import { isL402Proof, MAX_PROOF_LENGTH, readProof } from '../../../lib/l402/l402-proof.ts'
import { challengeHeader } from '../../../lib/l402/offered-challenges.ts'
import { verifyToken } from '../../../lib/l402/token-verdict.ts'
import { REQUEST, sell } from './helpers.ts'

t.test('what clients send', async (t) => {
  const { token, bytes, preimage } = sell()
  const hex = preimage.toString('hex')
  // One client reads the 64 hex digits as base64 and writes those 48 bytes as hex.
  const hexOfBase64 = Buffer.from(hex, 'base64').toString('hex')
  const good: [string, string][] = [
    ['L402', `L402 ${token}:${hex}`],
    ['LSAT', `LSAT ${token}:${hex}`],
    ['lower case', `l402 ${token}:${hex}`],
    ['mixed case', `LsAt ${token}:${hex}`],
    ['two blanks', `L402  ${token}:${hex}`],
    ['trailing blanks', `L402 ${token}:${hex}  `],
    ['upper hex', `L402 ${token}:${hex.toUpperCase()}`],
    ['96 hex digits', `L402 ${token}:${hexOfBase64}`],
    ['96 upper hex digits', `L402 ${token}:${hexOfBase64.toUpperCase()}`],
    ['no padding', `L402 ${token.replace(/=+$/, '')}:${hex}`],
    ['URL-safe', `L402 ${bytes.toString('base64url')}:${hex}`],
    ['URL-safe with padding', `L402 ${token.replaceAll('+', '-').replaceAll('/', '_')}:${hex}`]
  ]
  for (const [name, value] of good) {
    t.equal(isL402Proof(value), true, name)
    t.same(readProof(value), { macaroons: [bytes], preimage }, name)
  }
  t.equal(hexOfBase64.length, 96)

  const bad: [string, string][] = [
    ['no colon', `L402 ${token}`],
    ['no preimage', `L402 ${token}:`],
    ['no macaroon', `L402 :${hex}`],
    ['a colon alone', 'L402 :'],
    ['63 digits', `L402 ${token}:${hex.slice(1)}`],
    ['65 digits', `L402 ${token}:${hex}0`],
    ['no hex', `L402 ${token}:${'g'.repeat(64)}`],
    ['0x', `L402 ${token}:0x${hex.slice(2)}`],
    ['base64 preimage', `L402 ${token}:${preimage.toString('base64')}`],
    ['96 digits that are no hex inside', `L402 ${token}:${'ff'.repeat(48)}`],
    ['colon twice', `L402 ${token}::${hex}`],
    ['a colon in front', `L402 :${token}:${hex}`],
    ['preimage first', `L402 ${hex}:${token}`],
    ['a blank after the colon', `L402 ${token}: ${hex}`],
    ['a blank before the colon', `L402 ${token} :${hex}`],
    ['a comma at the end', `L402 ${token}:${hex},`],
    ['a comma alone', 'L402 ,'],
    ['two proofs', `L402 ${token}:${hex}, L402 ${token}:${'0'.repeat(64)}`],
    ['a proof of another service beside it', `L402 ${token}:${hex}, L402 AAAA:${hex}`],
    ['a proof that was cut, and a whole one', `L402 ${token}, L402 ${token}:${hex}`],
    ['a preimage for the first macaroon alone', `L402 ${token}:${hex},${token}`],
    ['nine copies', Array(9).fill(`L402 AAAA:${hex}`).join()],
    ['hundreds of macaroons', `L402 ${Array(500).fill('AAAA').join()}:${hex}`],
    ['hundreds of commas', `L402 ${','.repeat(2000)}:${hex}`],
    ['quotes', `L402 "${token}:${hex}"`],
    ['named parameters', `L402 macaroon="${token}", preimage="${hex}"`],
    ['a newline', `L402 ${token}:${hex}\nX: y`],
    ['padding in the middle', `L402 ${token.slice(0, 8)}=${token.slice(8)}:${hex}`],
    ['too long', `L402 ${'A'.repeat(MAX_PROOF_LENGTH)}:${hex}`]
  ]
  for (const [name, value] of bad) {
    t.equal(isL402Proof(value), true, name)
    t.equal(readProof(value), undefined, name)
    t.match(verifyToken(sell().keys, value, REQUEST), { ok: false, refusal: 'token_unreadable' }, name)
  }
  const fits = `L402 ${'A'.repeat(MAX_PROOF_LENGTH - 70)}:${hex}`
  t.equal(fits.length, MAX_PROOF_LENGTH)
  t.ok(readProof(fits), 'the longest that is read')

  for (const other of [
    '',
    'L402',
    'L402 ',
    'lsat',
    `Bearer ${token}`,
    `L4020 ${token}:${hex}`,
    ` L402 ${token}`,
    'Basic TDQwMg=='
  ])
    t.equal(isL402Proof(other), false, `not for this rail: ${other.slice(0, 10)}`)
})

t.test('one proof in several copies, and several macaroons', async (t) => {
  const { keys, token, bytes, preimage, paymentHash } = sell()
  const [other, elsewhere] = [sell(keys), sell(new KeyRing([{ keyId: 1, secret: randomBytes(32) }]))]
  const hex = preimage.toString('hex')
  const copies: [string, string][] = [
    ['two lines joined', `LSAT ${token}:${hex}, L402 ${token}:${hex}`],
    ['no blank', `L402 ${token}:${hex},L402 ${token}:${hex}`],
    ['no second scheme', `L402 ${token}:${hex}, ${token}:${hex}`]
  ]
  for (const [name, value] of copies) {
    t.same(readProof(value), { macaroons: [bytes], preimage }, name)
    t.match(verifyToken(keys, value, REQUEST), { ok: true, paymentHash: paymentHash.toString('hex') }, name)
  }
  const several: [string, string][] = [
    ['ours first', `L402 ${token},${elsewhere.token}:${hex}`],
    ['ours last', `L402 ${elsewhere.token}, ${token}:${hex}`],
    ['beside one of ours that was not paid', `L402 ${other.token},${token}:${hex}`],
    ['beside what is no macaroon', `L402 AAAA,?,${token}:${hex}`],
    ['the same one twice', `L402 ${token},${token}:${hex}`],
    ['in two copies', `L402 AAAA,${token}:${hex}, L402 AAAA,${token}:${hex}`]
  ]
  for (const [name, value] of several)
    t.match(verifyToken(keys, value, REQUEST), { ok: true, paymentHash: paymentHash.toString('hex') }, name)
  const refused: [string, string, string][] = [
    ['none of ours', `L402 ${elsewhere.token},AAAA:${hex}`, 'token_forged'],
    ['one of ours that was not paid', `L402 AAAA,${other.token},${elsewhere.token}:${hex}`, 'preimage_wrong'],
    ['none that is a macaroon', `L402 AAAA,AAAA:${hex}`, 'token_unreadable']
  ]
  for (const [name, value, refusal] of refused) t.same(verifyToken(keys, value, REQUEST), { ok: false, refusal }, name)
})

t.test('no text makes the reader throw or wait', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.stringMatching(/^[A-Za-z0-9+/_=:, -]{0,300}$/),
    fc.integer({ min: 1, max: 8000 }).map((length) => '='.repeat(length))
  )
  fc.assert(
    fc.property(fc.constantFrom('L402 ', 'lsat ', ''), text, (scheme, rest) => {
      const read = readProof(scheme + rest)
      return read === undefined || read.preimage.length === 32
    }),
    { numRuns: 2000 }
  )
})

t.test('challenge header: exact layout', async (t) => {
  t.equal(
    challengeHeader('AgE+/w==', 'lnbcrt1490n1pj'),
    'L402 macaroon="AgE+/w==", invoice="lnbcrt1490n1pj", version="0", token="AgE+/w=="'
  )
})
