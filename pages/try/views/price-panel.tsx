import { serviceUrl } from '../../service-url.ts'
import type { FieldProblem } from '../model/expand.ts'
import type { Detail } from '../purchase/athlete-records.ts'
import type { Check } from '../purchase/check.ts'
import { useLoaded } from '../purchase/loaded.ts'
import { programRails, type SoldRail } from '../purchase/rails.ts'
import { LoadingMessage } from './loading-message.tsx'
import { useTitleFocus } from './title-focus.ts'

interface Props {
  readonly rails: readonly SoldRail[]
  readonly check: Check
  /** Nothing has been written yet. */
  readonly isBlank: boolean
  /** How many controls have a problem. */
  readonly marked: number
  readonly local: readonly FieldProblem[]
  /** Problems that no control shows. */
  readonly others: readonly string[]
  readonly revised: Detail | undefined
  /** After a purchase that was left: the focus returns from its panel. */
  readonly takesFocus: boolean
  readonly onBuy: () => void
  readonly onCancelRevision: () => void
}

interface Priced {
  readonly price_usd: string
  readonly price_sats?: number
}

/** What an answer costs on every rail, whether the workout can be computed, and the way to buy it. */
export function PricePanel({
  rails,
  check,
  isBlank,
  marked,
  local,
  others,
  revised,
  takesFocus,
  onBuy,
  onCancelRevision
}: Props) {
  const title = useTitleFocus(takesFocus)
  const loaded = useLoaded<Requirements>(serviceUrl('/v1/payment-requirements'))
  const prices = loaded.value
  const route = revised === undefined ? '/v1/compute-power' : '/v1/workouts/{workout_id}/revisions'
  const price = prices?.routes.find(({ path }) => path === route)
  const isGood = check.kind === 'good'
  return (
    <section class="panel price-panel" aria-labelledby="price-title">
      <h2 id="price-title" tabIndex={-1} ref={title}>
        {revised === undefined ? 'Price' : `Revise ${revised.performed_date}`}
      </h2>
      <p class="prices">
        <strong>${price?.price_usd ?? '…'}</strong>
        {price?.price_sats !== undefined && <span>or {price.price_sats} sats over Lightning</span>}
        {prices !== undefined && 'x402' in (price?.offers ?? {}) && <span>or a signed transfer of dollars (x402)</span>}
        {programRails(rails).map(({ name, title }) => (
          <span key={name}>or {title}</span>
        ))}
      </p>
      <LoadingMessage loaded={loaded} />
      <div role="status" class="check-state">
        {isBlank && <p class="message">Write a workout, or add a movement. Checking it is free.</p>}
        {!isBlank && local.length > 0 && <p class="warn">Not complete: see the marked fields.</p>}
        {local.length === 0 && check.kind === 'checking' && <p class="message">Checking…</p>}
        {check.kind === 'good' && <p class="good">This can be computed. Checking was free.</p>}
        {check.kind === 'bad' && (
          <p class="wrong">
            {others.length > 0
              ? others.join(' ')
              : `Not possible yet: see the marked ${marked === 1 ? 'field' : 'fields'}.`}
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
