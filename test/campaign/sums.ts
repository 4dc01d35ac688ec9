import type { Test } from 'tap'
import { until } from '../support/until.ts'
import type { Order, RailName } from './buyer.ts'
import type { World } from './world.ts'

/** Ledger, node and chain agree with what the clients have paid, to the last unit; each payment has bought one answer. */
export async function agree(t: Test, { chain, payTo, rows }: World, orders: readonly Order[]): Promise<void> {
  await until(
    'no payment is open',
    async () => (await rows("SELECT 1 FROM payments WHERE state IN ('settling', 'unknown')")).length === 0
  )
  const captured = await rows("SELECT rail, amount_atomic, settlement FROM payments WHERE state = 'captured'")
  const paidOver = (rail: RailName) => orders.filter((order) => order.rail === rail)
  for (const rail of ['l402', 'x402'] as const) {
    const booked = captured.filter((row) => row.rail === rail)
    t.equal(booked.length, paidOver(rail).length, `${rail}: as many payments in the books as clients have made`)
    t.equal(
      sumOf(booked),
      paidOver(rail).reduce((sum, { amountAtomic }) => sum + amountAtomic, 0n),
      `${rail}: sums`
    )
  }
  const onChain = captured.filter(({ rail }) => rail === 'x402')
  t.equal(await chain.balance(payTo), sumOf(onChain), 'the chain has moved what the books say')
  t.equal(new Set(onChain.map(({ settlement }) => settlement)).size, onChain.length, 'each by a transaction of its own')
  t.strictSame([...new Set(orders.map(({ answers }) => answers.size))], [1], 'each payment has bought one answer')
  const stored = orders.filter(({ isStored }) => isStored).length
  t.equal((await rows('SELECT 1 FROM revisions')).length, stored, 'no record without a payment, none lost')
  const texts = new Set(orders.filter(({ isStored }) => isStored).flatMap(({ answers }) => [...answers]))
  t.equal(texts.size, stored, 'and nobody has the answer of another')
}

function sumOf(payments: readonly Record<string, unknown>[]): bigint {
  return payments.reduce((sum, { amount_atomic }) => sum + BigInt(String(amount_atomic)), 0n)
}
