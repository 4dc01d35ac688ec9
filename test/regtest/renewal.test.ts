/** The real service while its LND gets a new certificate and a new macaroon: it finds both by itself, and says what is wrong. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../support/until.ts'
import { lns } from './lns.ts'
import { buy } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import { compute, health, settingsOf, startService } from './service.ts'
import { workout } from './workout.ts'

const PERMISSIONS = ['info:read', 'invoices:write']

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('a renewed certificate and a replaced macaroon', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  const { merchant } = regnet
  t.teardown(() => regnet.close(!t.passing()))
  const secrets = new Secrets()
  const files = { certificate: join(regnet.folder, 'tls.cert'), macaroon: join(regnet.folder, 'invoices.macaroon') }
  /** A root key of its own for each macaroon, so that one can be taken back. */
  const bake = async (id: string) => {
    const { macaroon } = await lns.grantAccess({ lnd: merchant.lnd, permissions: PERMISSIONS, id })
    return { base64: macaroon, handOut: () => writeFileSync(files.macaroon, Buffer.from(macaroon, 'base64')) }
  }
  const first = await bake('1')
  first.handOut()
  merchant.copyCertificate(files.certificate)
  const settings = await settingsOf(regnet, 'renewal', {
    LND_MACAROON: undefined,
    LND_MACAROON_FILE: files.macaroon,
    LND_TLS_CERT: undefined,
    LND_TLS_CERT_FILE: files.certificate
  })
  const service = await startService(regnet, settings, 'renewal')
  const is = (state: string) =>
    until(`the service to be ${state}`, async () => (await health(service, 'l402')) === state)
  const sells = async () => {
    await is('ok')
    await regnet.untilPayable()
    const { body, authorization } = await buy(service, regnet, secrets, workout(secrets.athlete()))
    return (await compute(service, body, authorization)).status
  }
  /** Of the outages so far, in order. */
  const reasons = () =>
    service
      .log()
      .split('\n')
      .flatMap((line) => (line.includes('the Lightning node is failing') ? [String(JSON.parse(line).reason)] : []))
  const logged = (pattern: RegExp) => until(`${pattern} in the log`, () => pattern.test(reasons().at(-1) ?? ''))
  t.equal(await sells(), 200)
  t.strictSame(reasons(), [])

  await merchant.stop()
  await is('degraded')
  await logged(/ECONNREFUSED/)
  await merchant.restartWithNewCertificate()
  await logged(/certificate/)
  t.equal(
    (await compute(service, workout(secrets.athlete()))).status,
    503,
    'the old certificate is not trusted any more'
  )
  merchant.copyCertificate(files.certificate)
  t.equal(await sells(), 200, 'with the new certificate it sells, without a restart')

  const second = await bake('2')
  await lns.revokeAccess({ lnd: merchant.lnd, id: '1' })
  await is('degraded')
  await logged(/macaroon|root key/)
  second.handOut()
  t.equal(await sells(), 200, 'with the new macaroon it sells, without a restart')

  t.comment(`reasons: ${JSON.stringify(reasons())}`)
  const kinds = reasons().map((reason) => /ECONNREFUSED|certificate|macaroon|root key/.exec(reason)?.[0])
  t.strictSame([...new Set(kinds)].length, 3, "each reason is logged, in LND's own words")
  t.ok(kinds.length <= 6, 'and not at every attempt')
  for (const { base64 } of [first, second]) secrets.ofService({ ...settings, macaroon: base64 })
  t.strictSame(secrets.leaks(regnet.folder), [])
  await service.stop()
})
