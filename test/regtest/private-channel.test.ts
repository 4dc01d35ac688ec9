/** The real service of a merchant whose only channel is announced to nobody: invoices with route hints can be paid. */
import t from 'tap'
import { until } from '../support/until.ts'
import { startHiddenNode } from './hidden-node.ts'
import { lns } from './lns.ts'
import { buy, challengeOf } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import { compute, health, settingsOf, startService } from './service.ts'
import { workout } from './workout.ts'

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('LND_PRIVATE_HINTS', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  t.teardown(() => regnet.close(!t.passing()))
  const { merchant, payer } = regnet
  const hidden = await startHiddenNode(regnet)
  const secrets = new Secrets()
  const { macaroon } = await lns.grantAccess({ lnd: hidden.lnd, permissions: ['info:read', 'invoices:write'] })
  const start = async (name: string, env: NodeJS.ProcessEnv) => {
    const node = { LND_SOCKET: hidden.socket, LND_TLS_CERT: hidden.certificate, LND_MACAROON: macaroon }
    const service = await startService(regnet, await settingsOf(regnet, name, { ...node, ...env }), name)
    await until('the service to be well', async () => (await health(service, 'l402')) === 'ok')
    return service
  }
  const routesOf = async (invoice: string) =>
    (await lns.decodePaymentRequest({ lnd: payer.lnd, request: invoice })).routes ?? []

  t.test('without it the payment finds no route', async (t) => {
    const service = await start('unhinted', {})
    const { invoice } = challengeOf(await compute(service, workout(secrets.athlete())))
    t.strictSame(await routesOf(invoice), [])
    await t.rejects(regnet.pay(invoice), /PaymentPathfindingFailedToFindPossibleRoute|NoRoute/i)
    await service.stop()
  })

  t.test('with it the invoice hints at the way, and the answer is bought', async (t) => {
    const service = await start('hinted', { LND_PRIVATE_HINTS: 'yes' })
    const { invoice, body, authorization } = await buy(service, regnet, secrets, workout(secrets.athlete()))
    const [hint = []] = await routesOf(invoice)
    t.strictSame(
      hint.map(({ public_key: key }) => key),
      [merchant.publicKey, hidden.publicKey]
    )
    t.equal((await compute(service, body, authorization)).status, 200)
    await service.stop()
  })
})
