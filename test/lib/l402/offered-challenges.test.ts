import { createHash, randomBytes } from 'node:crypto'
import t from 'tap'
import { type OfferedChallenge, OfferedChallenges } from '../../../lib/l402/offered-challenges.ts'
import { NOW, NOW_MS, REQUEST, sell, VALID_UNTIL } from './helpers.ts'

function offeredFor(name: string): OfferedChallenge {
  return {
    bolt11: `lnbcrt1${name}`,
    paymentHash: createHash('sha256').update(name).digest('hex'),
    priceSats: 149,
    expiresAtMs: NOW_MS + 600_000,
    expiresAt: new Date(NOW_MS + 600_000).toISOString(),
    token: name,
    validUntil: VALID_UNTIL,
    request: REQUEST
  }
}

t.test('a paid challenge is taken back by its key, though thousands were paid since it was offered', async (t) => {
  const challenges = new OfferedChallenges()
  const first = offeredFor('first')
  challenges.add('first', first, NOW_MS)
  for (let index = 0; index < 3000; index++) {
    const other = offeredFor(`other ${index}`)
    challenges.add(`other ${index}`, other, NOW_MS)
    challenges.withdraw(other.paymentHash)
    if (challenges.get(`other ${index}`, NOW_MS) !== undefined) t.fail(`${index} is offered after it was paid`)
  }
  t.equal(challenges.get('first', NOW_MS)?.offered, first)
  challenges.withdraw(first.paymentHash)
  challenges.withdrawAt('first', first)
  t.equal(challenges.get('first', NOW_MS), undefined)
})

t.test('a newer offer under the same key stays', async (t) => {
  const challenges = new OfferedChallenges()
  const [first, second] = [offeredFor('first'), offeredFor('second')]
  challenges.add('key', first, NOW_MS)
  challenges.add('key', second, NOW_MS)
  challenges.withdraw(first.paymentHash)
  challenges.withdrawAt('key', first)
  t.equal(challenges.get('key', NOW_MS)?.offered, second)
})

t.test('a token is known as it went out, with its preimage, for its request and its time', async (t) => {
  const challenges = new OfferedChallenges()
  const { token, preimage, paymentHash, header } = sell()
  const offered = { ...offeredFor('sold'), token, paymentHash: paymentHash.toString('hex') }
  challenges.add('key', offered, NOW_MS)
  const refused: [name: string, authorization: string, change: Partial<typeof REQUEST>][] = [
    ['another preimage', `L402 ${token}:${randomBytes(32).toString('hex')}`, {}],
    ['a short preimage', `L402 ${token}:${preimage.toString('hex').slice(2)}`, {}],
    ['no preimage', `L402 ${token}:${'g'.repeat(64)}`, {}],
    ['a shorter token', `L402 ${token.slice(0, -4)}:${preimage.toString('hex')}`, {}],
    ['another end', `L402 ${token.slice(0, -4)}AAAA:${preimage.toString('hex')}`, {}],
    ['another scheme', header.replace('L402', 'Bearer'), {}],
    ['another request', header, { requestSha256: 'cd'.repeat(32) }],
    ['another path', header, { path: '/' }],
    ['another method', header, { method: 'GET' }],
    ['too late', header, { now: VALID_UNTIL }]
  ]
  for (const [name, authorization, change] of refused)
    t.equal(challenges.present(authorization, { ...REQUEST, ...change }), undefined, name)
  t.match(challenges.present(header, { ...REQUEST, now: NOW }), { isFirst: true }, 'nothing of that counted')
  t.match(challenges.present(header, REQUEST), { isFirst: false })
  challenges.withdraw(offered.paymentHash)
  t.match(challenges.present(header, REQUEST), { isFirst: false }, 'known after it was taken back')
})
