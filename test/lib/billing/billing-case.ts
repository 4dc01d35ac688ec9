import t, { type Test } from 'tap'
import type { Engine } from '../../support/engines.ts'
import { BillingService, type Served } from './billing-service.ts'
import { type Moment, SimulatedChain } from './simulated-chain.ts'

export interface BillingCase {
  readonly t: Test
  readonly chain: SimulatedChain
  readonly service: BillingService
}

/** One case on each of these databases; whatever happens in it, chain and ledger agree afterwards. */
export function billingCasesOn(engines: readonly Engine[]) {
  return (name: string, run: (billingCase: BillingCase) => Promise<void>): void => {
    for (const engine of engines)
      t.test(`${name} (${engine.title})`, async (t) => {
        const chain = new SimulatedChain()
        const service = await BillingService.open(t, chain, (await engine.makePlace(t)).config)
        await run({ t, chain, service })
        t.strictSame(await service.disagreements(), [])
      })
  }
}

/** Holds the chain at a moment until it is told to go on. */
export function hold(
  chain: SimulatedChain,
  moment: Moment
): { readonly reached: Promise<void>; readonly goOn: () => void } {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const reached = new Promise<void>((resolve) => {
    chain.at = (now) => {
      if (now !== moment) return
      resolve()
      return held
    }
  })
  return { reached, goOn }
}

export const answered = (body: string, isReplay: boolean, settlement: string): Served => ({
  kind: 'answer',
  body,
  isReplay,
  settlement
})

/** The answers, and what was told in place of one. */
export const bodiesOf = (served: readonly Served[]) =>
  new Set(served.map((each) => (each.kind === 'answer' ? each.body : each.kind)))

export const PENDING = { kind: 'settlement_pending' }
export const CONSUMED = { kind: 'refused', code: 'proof_consumed' }
