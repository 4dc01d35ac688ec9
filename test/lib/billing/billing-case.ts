import t, { type Test } from 'tap'
import { type Served, Shop } from './billing-service.ts'
import type { Place } from './places.ts'
import { Bank, type Moment } from './simulated-chain.ts'

export interface Scene {
  readonly t: Test
  readonly bank: Bank
  readonly shop: Shop
}

/** One case on each of these databases; whatever happens in it, bank and ledger agree afterwards. */
export function scenesOn(places: readonly Place[]) {
  return (name: string, play: (scene: Scene) => Promise<void>): void => {
    for (const place of places)
      t.test(`${name} (${place.name})`, async (t) => {
        const bank = new Bank()
        const shop = await Shop.open(t, bank, await place.make(t))
        await play({ t, bank, shop })
        t.strictSame(await shop.disagreements(), [])
      })
  }
}

/** Holds the bank at a moment until it is told to go on. */
export function hold(bank: Bank, moment: Moment): { readonly reached: Promise<void>; readonly goOn: () => void } {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const reached = new Promise<void>((resolve) => {
    bank.at = (now) => {
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
