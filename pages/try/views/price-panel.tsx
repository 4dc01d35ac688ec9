import { useEffect, useState } from 'preact/hooks'
import type { FieldProblem } from '../model/expand.ts'
import type { Summary } from '../purchase/athlete-records.ts'
import type { Check } from '../purchase/check.ts'

interface Props {
  readonly check: Check
  readonly local: readonly FieldProblem[]
  /** Problems that no control shows. */
  readonly others: readonly string[]
  readonly revised: Summary | undefined
  readonly onBuy: () => void
  readonly onCancelRevision: () => void
}

interface Priced {
  readonly price_usd: string
  readonly price_sats?: number
}

/** What an answer costs on every rail, whether the workout can be computed, and the way to buy it. */
export function PricePanel({ check, local, others, revised, onBuy, onCancelRevision }: Props) {
  const prices = usePrices()
  const route = revised === undefined ? '/v1/compute-power' : '/v1/workouts/{workout_id}/revisions'
  const price = prices?.routes.find(({ path }) => path === route)
  const isGood = check.kind === 'good'
  return (
    <section class="panel price-panel" aria-labelledby="price-title">
      <h2 id="price-title">{revised === undefined ? 'Price' : `Revise ${revised.performed_date}`}</h2>
      <p class="prices">
        <strong>${price?.price_usd ?? '…'}</strong>
        {price?.price_sats !== undefined && <span>or {price.price_sats} sats over Lightning</span>}
        {prices !== undefined && 'x402' in (price?.offers ?? {}) && <span>or a signed transfer of dollars (x402)</span>}
      </p>
      <div role="status" class="check-state">
        {local.length > 0 && <p class="warn">Not complete: see the marked fields.</p>}
        {local.length === 0 && check.kind === 'checking' && <p class="message">Checking…</p>}
        {check.kind === 'good' && <p class="good">This can be computed. Checking was free.</p>}
        {check.kind === 'bad' && (
          <p class="wrong">
            {others.length > 0
              ? others.join(' ')
              : `${check.problem.errors?.length ?? 1} problem${check.problem.errors?.length === 1 ? '' : 's'}: see the marked fields.`}
          </p>
        )}
        {check.kind === 'unknown' && <p class="warn">{check.message}</p>}
      </div>
      <button type="button" class="primary wide-button" disabled={!isGood} onClick={onBuy}>
        {revised === undefined ? 'Buy the answer' : 'Buy the revision'}
      </button>
      {revised !== undefined && (
        <button type="button" class="quiet" onClick={onCancelRevision}>
          Do not revise
        </button>
      )}
    </section>
  )
}

interface Requirements {
  readonly routes: readonly (Priced & { readonly path: string; readonly offers: Readonly<Record<string, unknown>> })[]
}

function usePrices(): Requirements | undefined {
  const [prices, setPrices] = useState<Requirements>()
  useEffect(() => {
    fetch('/v1/payment-requirements').then(async (response) => {
      if (response.ok) setPrices((await response.json()) as Requirements)
    })
  }, [])
  return prices
}
