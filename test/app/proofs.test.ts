import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { caveatsOf, mintAuthorization, sha256, toVersion2, withCaveat } from '../support/macaroon.ts'
import { ask, challengeOf, PATH, type Paid, post, purchase, raw, startApp, workout } from '../support/purchase.ts'

const SECRET = randomBytes(32)
const NOW = Math.floor(Date.now() / 1000)

/** A 402 with a challenge that can be paid, and the reason why the proof bought nothing. */
function refused(t: Test, answer: Awaited<ReturnType<typeof ask>>, code: string, name: string): void {
  t.equal(answer.statusCode, 402, name)
  t.match(answer.json(), { detail: 'Payment required', reason: { code, detail: /\.$/ } }, name)
  t.ok(challengeOf(answer).invoice, `${name}: a challenge`)
}

t.test('a proof that is not good: 402, a fresh challenge and the reason', async (t) => {
  const app = await startApp(t, { L402_SECRETS: `1:${SECRET.toString('hex')}` })
  const body = workout()
  const paid = await purchase(app, body)
  const other = await purchase(app, workout())
  const { token, preimage } = paid
  const flipped = Buffer.from(token, 'base64')
  flipped[flipped.length - 5]! ^= 1
  const otherFingerprint = caveatsOf(other.token).find((caveat) => caveat.startsWith('request_sha256='))!
  /** What this service would have minted, one caveat changed: token and preimage belong together. */
  const minted = (key: string, value: string, keyId = 1, secret = SECRET) => {
    const changed = caveatsOf(token).map((caveat) => (caveat.startsWith(`${key}=`) ? `${key}=${value}` : caveat))
    return mintAuthorization(secret, keyId, changed)
  }
  const cases: [name: string, authorization: string, code: string][] = [
    ['two empty halves', 'L402 :', 'token_unreadable'],
    ['no preimage', `L402 ${token}`, 'token_unreadable'],
    ['an empty preimage', `L402 ${token}:`, 'token_unreadable'],
    ['a short preimage', `L402 ${token}:${preimage.slice(2)}`, 'token_unreadable'],
    ['not base64', `L402 §§§:${preimage}`, 'token_unreadable'],
    ['base64 of nothing', `L402 AAAA:${preimage}`, 'token_unreadable'],
    ['two proofs', `${paid.authorization}, ${other.authorization}`, 'token_unreadable'],
    ['a hundred macaroons', `L402 ${Array(100).fill('AAAA').join()},${token}:${preimage}`, 'token_unreadable'],
    ['truncated', `L402 ${token.slice(0, -40)}:${preimage}`, 'token_unreadable'],
    ['something appended', `L402 ${token.replace(/=*$/, '')}AAAA:${preimage}`, 'token_unreadable'],
    ['oversized', `L402 ${'A'.repeat(9000)}:${preimage}`, 'token_unreadable'],
    ['forty caveats', `L402 ${caveats(token, 40)}:${preimage}`, 'token_unreadable'],
    ['a changed signature', `L402 ${flipped.toString('base64')}:${preimage}`, 'token_forged'],
    ['an unsigned caveat', `L402 ${withCaveat(token, 'services=power-oracle:9', false)}:${preimage}`, 'token_forged'],
    ['an unsigned unknown caveat', `L402 ${withCaveat(token, 'x=1', false)}:${preimage}`, 'token_forged'],
    ['a secret of someone else', minted('', '', 1, randomBytes(32)), 'token_forged'],
    ['a key id that is not here', minted('', '', 7), 'token_forged'],
    ['no preimage known', `L402 ${token}:${'0'.repeat(64)}`, 'preimage_wrong'],
    ['the preimage of another invoice', `L402 ${token}:${other.preimage}`, 'preimage_wrong'],
    ['the payment hash for the preimage', `L402 ${token}:${sha256(bytes(preimage)).toString('hex')}`, 'preimage_wrong'],
    ['expired', minted('power-oracle_valid_until', `${NOW - 1}`), 'token_expired'],
    ['narrowed until it expired', extended(paid, `power-oracle_valid_until=${NOW - 1}`), 'token_expired'],
    ['made to live longer', extended(paid, 'power-oracle_valid_until=9999999999'), 'token_malformed'],
    ['another request smuggled in', extended(paid, otherFingerprint), 'token_malformed'],
    ['another service', extended(paid, 'services=power-oracle:1'), 'token_malformed'],
    ['another price', extended(paid, 'price_msat=1'), 'token_malformed'],
    ['another method', extended(paid, 'method=GET'), 'token_malformed'],
    ['another path', minted('path', '/v1/other'), 'token_other_request'],
    ['no caveat', mintAuthorization(SECRET, 1, []), 'token_malformed'],
    ['a caveat too few', mintAuthorization(SECRET, 1, caveatsOf(token).slice(1)), 'token_malformed'],
    ['bought for another request', other.authorization, 'token_other_request']
  ]
  for (const [name, authorization, code] of cases) refused(t, await ask(app, body, authorization), code, name)
  const digit = structuredClone(body) as { splits: { duration_seconds: number }[] }
  digit.splits[0]!.duration_seconds = 77
  refused(t, await ask(app, digit, paid.authorization), 'token_other_request', 'one digit changed')
  t.equal((await ask(app, body, minted('', ''))).statusCode, 200, 'the forgery is right but for what is tested')
  t.equal((await ask(app, body, paid.authorization)).statusCode, 200, 'after all that the good proof is good')
  refused(t, await ask(app, digit, paid.authorization), 'token_other_request', 'one digit changed, after the answer')
})

t.test('an L402 proof that is absent or empty does not count', async (t) => {
  const app = await startApp(t)
  for (const authorization of ['Bearer abc', 'Basic eDp5', 'L4021 a:b', 'xL402 a:b', '', 'L402', 'L402 ', 'LSAT  ']) {
    const answer = await ask(app, workout(), authorization)
    t.ok(challengeOf(answer), authorization)
    t.notOk('reason' in answer.json(), authorization)
  }
})

t.test('an offer that is a repeat says so, until when', async (t) => {
  const app = await startApp(t)
  const body = workout()
  const [first, again] = [(await ask(app, body)).json(), (await ask(app, body)).json()]
  t.notOk('invoice_reused' in first)
  t.match(again, { invoice: first.invoice, invoice_reused: true })
  const until = Date.parse(again.invoice_reused_until)
  t.ok(until > Date.now() && until < Date.parse(again.invoice_expires_at))
})

t.test('the spellings that clients use are read', async (t) => {
  const app = await startApp(t)
  const urlSafe = (token: string) => token.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  const foreign = mintAuthorization(randomBytes(32), 1, []).slice('L402 '.length).split(':')[0]
  const spellings: [name: string, (paid: Paid) => string][] = [
    ['LSAT', ({ token, preimage }) => `LSAT ${token}:${preimage}`],
    ['small letters', ({ token, preimage }) => `l402 ${token}:${preimage}`],
    ['capital hex', ({ token, preimage }) => `L402 ${token}:${preimage.toUpperCase()}`],
    ['two spaces', ({ token, preimage }) => `L402  ${token}:${preimage}`],
    ['URL-safe base64', ({ token, preimage }) => `L402 ${urlSafe(token)}:${preimage}`],
    ['two lines joined', ({ token, preimage }) => `LSAT ${token}:${preimage}, L402 ${token}:${preimage}`],
    ['a macaroon of another service before it', ({ token, preimage }) => `L402 ${foreign},${token}:${preimage}`],
    ['96 hex digits', ({ token, preimage }) => `L402 ${token}:${Buffer.from(preimage, 'base64').toString('hex')}`],
    ['version 2 binary', ({ token, preimage }) => `L402 ${toVersion2(token)}:${preimage}`],
    ['the preimage as a caveat', (paid) => extended(paid, `preimage=${paid.preimage}`)],
    ['a narrower end', (paid) => extended(paid, `power-oracle_valid_until=${NOW + 300}`)],
    ['the same method again', (paid) => extended(paid, 'method=POST')]
  ]
  for (const [name, spell] of spellings) {
    const body = workout()
    const paid = await purchase(app, body)
    const first = await ask(app, body, spell(paid))
    t.equal(first.statusCode, 200, `${name}: ${first.statusCode === 200 ? '' : first.body}`)
    const plain = await ask(app, body, paid.authorization)
    t.strictSame([plain.body, plain.headers['idempotent-replayed']], [first.body, 'true'], `${name}: one purchase`)
  }
})

t.test('rotation: a new secret mints, the old one verifies, a removed one does not', async (t) => {
  const database = `sqlite:${t.testdir()}/oracle.db`
  const [old, fresh] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const before = await startApp(t, { DATABASE_URL: database, L402_SECRETS: `1:${old}` })
  const [kept, replayed, lost] = [workout(), workout(), workout()]
  const paid = [await purchase(before, kept), await purchase(before, replayed), await purchase(before, lost)] as const
  const answer = await ask(before, replayed, paid[1].authorization)
  await before.close()
  const rotated = await startApp(t, { DATABASE_URL: database, L402_SECRETS: `2:${fresh},1:${old}` })
  t.equal((await ask(rotated, kept, paid[0].authorization)).statusCode, 200)
  t.equal((await ask(rotated, replayed, paid[1].authorization)).body, answer.body)
  await rotated.close()
  const removed = await startApp(t, { DATABASE_URL: database, L402_SECRETS: `2:${fresh}` })
  refused(t, await ask(removed, lost, paid[2].authorization), 'token_forged', 'rotated out')
  await removed.close()
})

t.test('over a socket', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
  const body = workout()
  const text = JSON.stringify(body)

  t.test('no spelling of the path gets past the price', async (t) => {
    const target: [string, number][] = [
      [PATH, 402],
      [`http://x${PATH}`, 402],
      [`http://127.0.0.1:${port}${PATH}`, 402],
      [`https://x:1${PATH}?x=1`, 402],
      [`${PATH}?x=1`, 402],
      [`${PATH}#x`, 402],
      ['/v1/%63ompute-power', 402],
      [`/${PATH}`, 404],
      [`${PATH}/`, 404],
      [`${PATH};x`, 404],
      [`${PATH}%00`, 404],
      [`${PATH}%2f`, 404],
      ['/v1/./compute-power', 404],
      ['/v1/x/../compute-power', 404],
      ['/v1//compute-power', 404],
      ['/V1/Compute-Power', 404],
      ['\\v1\\compute-power', 404]
    ]
    for (const [spelling, expected] of target) {
      const answer = await raw(port, post(spelling, text))
      t.ok([expected, 400, 404].includes(status(answer)), `${spelling}: ${answer.slice(0, 60)}`)
      if (expected === 402) t.equal(status(answer), 402, spelling)
      t.notMatch(answer, 'total_work')
    }
    const paid = await purchase(app, body)
    for (const [spelling, expected] of target) {
      const answer = await raw(port, post(spelling, text, [`Authorization: ${paid.authorization}`]))
      t.equal(status(answer) === 200, expected === 402, `paid ${spelling}: ${answer.slice(0, 60)}`)
    }
  })

  t.test('of two Authorization lines the first counts', async (t) => {
    const paid = await purchase(app, workout())
    const mine = workout()
    const good = await purchase(app, mine)
    const lines = [`Authorization: ${good.authorization}`, `Authorization: ${paid.authorization}`]
    t.equal(status(await raw(port, post(PATH, JSON.stringify(mine), lines))), 200)
    const turned = await raw(port, post(PATH, JSON.stringify(mine), lines.reverse()))
    t.equal(status(turned), 402)
    t.match(turned, 'token_other_request')
    const lsat = [`Authorization: LSAT ${good.token}:${good.preimage}`, `Authorization: ${good.authorization}`]
    t.equal(status(await raw(port, post(PATH, JSON.stringify(mine), lsat))), 200, 'the habit of the reference client')
  })

  t.test('a header past all limits is refused before anything is read', async (t) => {
    const answer = await raw(port, post(PATH, text, [`Authorization: L402 ${'A'.repeat(20_000)}:00`]))
    t.equal(status(answer), 431)
  })
})

t.test('no price: 503 for who has not paid, answers for who has', async (t) => {
  const settings = { DATABASE_URL: `sqlite:${t.testdir()}/oracle.db`, L402_SECRETS: `1:${SECRET.toString('hex')}` }
  const before = await startApp(t, settings)
  const [body, bought] = [workout(), workout()]
  const paid = await purchase(before, body)
  const earlier = await purchase(before, bought)
  const first = await ask(before, bought, earlier.authorization)
  await before.close()
  const app = await startApp(t, { ...settings, BTC_USD_SOURCES: 'http://127.0.0.1:1/' })
  unavailable(t, await ask(app, workout()), 'payment_unavailable')
  unavailable(t, await ask(app, workout(), earlier.authorization), 'payment_unavailable')
  t.equal((await ask(app, '{}')).statusCode, 422, 'free failures are told all the same')
  t.equal((await ask(app, body, paid.authorization)).statusCode, 200)
  t.equal((await ask(app, bought, earlier.authorization)).body, first.body)
  const { components, status } = (await app.inject('/v1/health')).json()
  t.match(components, { ledger: 'ok', price: 'degraded', l402: 'off' })
  t.equal(status, 'degraded')
  unavailable(t, await app.inject({ method: 'POST', url: PATH }), 'payment_unavailable')
  const terms = (await app.inject('/v1/payment-requirements')).json()
  t.strictSame(terms, {
    routes: [PATH, '/v1/workouts/{workout_id}/revisions'].map((path) => ({
      method: 'POST',
      path,
      price_usd: '0.10',
      offers: {}
    })),
    rails: { l402: { status: 'off', reason: 'the bitcoin price is unknown' } }
  })
})

t.test('no payment method is configured: 503, and the free routes go on', async (t) => {
  const app = await startApp(t, { LIGHTNING: 'off' })
  unavailable(t, await ask(app, workout()), 'payment_unavailable')
  unavailable(t, await app.inject({ method: 'POST', url: PATH }), 'payment_unavailable')
  unavailable(t, await ask(app, workout(), `L402 AAAA:${'0'.repeat(64)}`), 'payment_unavailable')
  await freeRoutesGoOn(t, app)
})

t.test('the ledger file is gone: 503 with and without a proof', async (t) => {
  const file = `${t.testdir()}/oracle.db`
  const app = await startApp(t, { DATABASE_URL: `sqlite:${file}` })
  const [body, bought] = [workout(), workout()]
  const paid = await purchase(app, body)
  const earlier = await purchase(app, bought)
  await ask(app, bought, earlier.authorization)
  renameSync(file, `${file}.gone`)
  await ledgerBecomes(t, app, 'degraded')
  unavailable(t, await ask(app, workout()), 'ledger_unavailable')
  unavailable(t, await ask(app, body, paid.authorization), 'ledger_unavailable')
  unavailable(t, await ask(app, bought, earlier.authorization), 'ledger_unavailable')
  t.equal((await ask(app, '{}')).statusCode, 422)
  await freeRoutesGoOn(t, app)
  renameSync(`${file}.gone`, file)
  await ledgerBecomes(t, app, 'ok')
  t.equal((await ask(app, body, paid.authorization)).statusCode, 200, 'the same proof works again')
})

t.test('the ledger accepts no writes: 503, nothing is consumed, and the same proof works again', async (t) => {
  const file = `${t.testdir()}/oracle.db`
  const app = await startApp(t, { DATABASE_URL: `sqlite:${file}` })
  const body = workout()
  const paid = await purchase(app, body)
  const holder = new DatabaseSync(file)
  holder.exec('BEGIN IMMEDIATE')
  const refusal = await ask(app, body, paid.authorization)
  holder.exec('ROLLBACK')
  holder.close()
  unavailable(t, refusal, 'ledger_unavailable')
  await ledgerBecomes(t, app, 'ok')
  const answer = await ask(app, body, paid.authorization)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['idempotent-replayed'], undefined, 'it was never answered before')
})

function unavailable(t: Test, answer: Awaited<ReturnType<typeof ask>>, code: string): void {
  t.match(answer.json(), { status: 503, code, retryable: true })
  t.equal(answer.statusCode, 503)
  t.ok(Number(answer.headers['retry-after']) >= 1, 'Retry-After')
  t.equal(answer.headers['www-authenticate'], undefined)
}

async function freeRoutesGoOn(t: Test, app: FastifyInstance): Promise<void> {
  for (const url of ['/v1/health', '/v1/movements', '/v1/payment-requirements', '/openapi.json'])
    t.equal((await app.inject(url)).statusCode, 200, url)
}

async function ledgerBecomes(t: Test, app: FastifyInstance, state: string): Promise<void> {
  const ledger = async () => (await app.inject('/v1/health')).json().components.ledger
  for (let tries = 0; tries < 100 && (await ledger()) !== state; tries++) await sleep(50)
  t.equal(await ledger(), state)
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const extended = ({ token, preimage }: Paid, caveat: string) => `L402 ${withCaveat(token, caveat)}:${preimage}`

function caveats(token: string, count: number): string {
  return Array.from({ length: count }).reduce<string>((all) => withCaveat(all, 'x=1'), token)
}

t.test('unusable stored secrets prevent the start, by name', async (t) => {
  const folder = t.testdir({ 'l402-secrets': 'junk' })
  await t.rejects(startApp(t, { DATABASE_URL: `sqlite:${folder}/oracle.db` }), {
    name: 'ConfigError',
    problems: [/^L402_SECRETS: is not set, and .*\/l402-secrets is unusable: /]
  })
})
