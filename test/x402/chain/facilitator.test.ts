import { HTTPFacilitatorClient } from '@x402/core/http'
import t from 'tap'
import { noAnvil, startTestChain } from '../../support/x402/chain.ts'
import { FALSE_FAILURE, FALSE_SUCCESS, startFacilitator } from '../../support/x402/facilitator.ts'
import { requirementsOf, signPayload } from '../../support/x402/payer.ts'

t.test('the test facilitator speaks the standard, and fails on demand', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const facilitator = await startFacilitator(t, chain, 'secret')
  const client = new HTTPFacilitatorClient({
    url: facilitator.url,
    createAuthHeaders: async () => {
      const headers = { authorization: 'Bearer secret' }
      return { verify: headers, settle: headers, supported: headers }
    }
  })
  const requirements = requirementsOf(chain.terms())
  const paid = () => chain.balance(chain.embedded.payTo)

  await t.test('well', async (t) => {
    const payload = await signPayload(chain.payer.key, requirements)
    t.match(await client.getSupported(), { kinds: [{ x402Version: 2, scheme: 'exact', network: 'eip155:31337' }] })
    t.match(await client.verify(payload, requirements), { isValid: true })
    t.match(await client.settle(payload, requirements), { success: true, network: 'eip155:31337' })
    t.equal(await paid(), 100_000n)
    t.match(await client.verify(payload, requirements), { isValid: false, invalidReason: /nonce_already_used/ })
    await t.rejects(new HTTPFacilitatorClient({ url: facilitator.url }).getSupported(), 'without the token')
  })

  const cases = [
    ['status', { kind: 'status', status: 500, worked: true }, true],
    ['html', { kind: 'html', worked: false }, false],
    ['drop', { kind: 'drop', worked: true }, true],
    ['a false success', { kind: 'lie', answer: FALSE_SUCCESS, worked: false }, false],
    ['a false failure', { kind: 'lie', answer: FALSE_FAILURE, worked: true }, true],
    ['late', { kind: 'delay', ms: 10, worked: true }, true]
  ] as const
  for (const [what, fault, moves] of cases) {
    await t.test(what, async (t) => {
      const before = await paid()
      facilitator.fail('settle', { ...fault, calls: 1 })
      const payload = await signPayload(chain.payer.key, requirements)
      const outcome = await client.settle(payload, requirements).catch(() => 'failed')
      if (fault.kind === 'lie') t.match(outcome, fault.answer)
      else if (fault.kind === 'delay') t.match(outcome, { success: true })
      else t.equal(outcome, 'failed')
      t.equal((await paid()) - before, moves ? 100_000n : 0n)
    })
  }

  await t.test('closed, and open again', async (t) => {
    await facilitator.close()
    await t.rejects(client.getSupported())
    await facilitator.open()
    t.match(await client.getSupported(), { kinds: [{ network: 'eip155:31337' }] })
  })
})
