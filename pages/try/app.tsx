import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Catalogue } from './model/catalogue.ts'
import { type Athlete, type Draft, EXAMPLE_ATHLETE, EXAMPLE_DRAFT } from './model/draft.ts'
import { expand, fieldAt } from './model/expand.ts'
import { MovementSearch } from './model/movement-search.ts'
import { sharedDraft, shareLink } from './model/share.ts'
import type { Summary } from './purchase/athlete-records.ts'
import { useCheck } from './purchase/check.ts'
import { type Pending, pendingPurchase } from './purchase/pending.ts'
import { Purchase, type PurchaseState } from './purchase/purchase.ts'
import { forget, keep, kept } from './purchase/storage.ts'
import { AnswerView } from './views/answer-view.tsx'
import { Builder } from './views/builder.tsx'
import { History } from './views/history.tsx'
import { type Keeping, KeepingFields } from './views/keeping-fields.tsx'
import { CopyButton, PayPanel } from './views/pay-panel.tsx'
import { PricePanel } from './views/price-panel.tsx'

interface Props {
  readonly catalogue: Catalogue
  readonly hasDevelopmentWallet: boolean
  readonly hasDevelopmentChain: boolean
}

/** An answer that stays after a reload, with the request that it was bought with. */
interface Bought {
  readonly text: string
  readonly body: string
  readonly transaction?: string
}

const today = () => new Date().toLocaleDateString('sv-SE')
/** Of a workout that is stored nowhere: any UUID will do, and nobody reads it. */
const NOBODY = crypto.randomUUID()

export function App({ catalogue, hasDevelopmentWallet, hasDevelopmentChain }: Props) {
  const search = useMemo(() => new MovementSearch(catalogue), [catalogue])
  const [draft, setDraft] = useKept<Draft>('draft', sharedDraft(location.hash) ?? EXAMPLE_DRAFT)
  const [athlete, setAthlete] = useKept<Athlete>('athlete', EXAMPLE_ATHLETE)
  const [keeping, setKeeping] = useKept<Keeping>('keeping', { isKept: false, athleteUuid: undefined })
  const [date, setDate] = useState(today)
  const [revised, setRevised] = useState<Summary>()
  const [state, setState] = useState<PurchaseState>()
  const [bought, setBought] = useState<Bought | undefined>(() => kept<Bought>('bought'))
  const [isNew, setNew] = useState(false)
  const [version, setVersion] = useState(0)
  const purchase = useRef<Purchase | null>(null)

  const expanded = useMemo(() => expand(draft, athlete, catalogue), [draft, athlete, catalogue])
  const checked = useMemo(() => {
    if (expanded.workout === undefined) return undefined
    const who = keeping.isKept
      ? { athlete_uuid: keeping.athleteUuid, evaluation_context: 'completed', performed_date: date }
      : { athlete_uuid: NOBODY, evaluation_context: 'hypothetical' }
    return JSON.stringify({ ...who, ...expanded.workout })
  }, [expanded, keeping, date])
  const check = useCheck(checked)
  const { errors, others } = useMemo(
    () => placed(expanded, check.kind === 'bad' ? check.problem.errors : []),
    [expanded, check]
  )

  const begin = (pending: Pending) => {
    purchase.current = new Purchase(pending, (next) => {
      setState(next)
      if (next.answer === undefined) return
      const { text, transaction } = next.answer
      const { body } = next.pending
      const whole = { text, body, ...(transaction && { transaction }) }
      keep('bought', whole)
      setBought(whole)
      setNew(true)
      setVersion((old) => old + 1)
      setState(undefined)
      setRevised(undefined)
    })
    purchase.current.begin()
  }
  // A page that was lost on the way finds its purchase again.
  useEffect(() => {
    const pending = pendingPurchase(Date.now())
    if (pending !== undefined) begin(pending)
  }, [])

  const buy = () => {
    if (checked === undefined) return
    setNew(false)
    const askedAtMs = Date.now()
    if (revised === undefined) begin({ path: '/v1/compute-power', body: checked, askedAtMs })
    else
      begin({
        path: `/v1/workouts/${revised.workout_id}/revisions`,
        body: JSON.stringify({ ...JSON.parse(checked), supersedes_revision_id: revised.revision_id }),
        askedAtMs
      })
  }
  const revise = (workout: Summary) => {
    setRevised(workout)
    setDate(workout.performed_date)
    scrollTo({ top: 0 })
  }
  const forgetAthlete = () => {
    setKeeping(() => ({ isKept: false, athleteUuid: undefined }))
    forget('bought')
    setBought(undefined)
  }

  return (
    <>
      <div class="try-columns">
        <div>
          <Builder
            draft={draft}
            athlete={athlete}
            catalogue={catalogue}
            search={search}
            errors={errors}
            onDraft={setDraft}
            onAthlete={(next) => setAthlete(() => next)}
          />
        </div>
        <div class="side">
          <KeepingFields
            keeping={keeping}
            date={date}
            errors={errors}
            onKeeping={(next) => setKeeping(() => next)}
            onDate={setDate}
          />
          {state === undefined ? (
            <PricePanel
              check={check}
              local={expanded.problems}
              others={others}
              revised={revised}
              onBuy={buy}
              onCancelRevision={() => setRevised(undefined)}
            />
          ) : (
            <PayPanel
              state={state}
              purchase={purchase.current!}
              hasDevelopmentWallet={hasDevelopmentWallet}
              hasDevelopmentChain={hasDevelopmentChain}
              onClose={() => setState(undefined)}
            />
          )}
          <p class="share">
            <CopyButton text={shareLink(draft)} name="Copy a link to this workout" />
          </p>
        </div>
      </div>
      {bought !== undefined && (
        <AnswerView
          key={bought.text}
          answer={JSON.parse(bought.text)}
          text={bought.text}
          body={bought.body}
          transaction={bought.transaction}
          hasDevelopmentWallet={hasDevelopmentWallet}
          isNew={isNew}
        />
      )}
      {keeping.isKept && keeping.athleteUuid !== undefined && (
        <History athleteUuid={keeping.athleteUuid} version={version} onRevise={revise} onForget={forgetAthlete} />
      )}
    </>
  )
}

/** A state that this browser keeps. */
function useKept<T extends object>(name: string, initial: T): [T, (change: (old: T) => T) => void] {
  const [value, setValue] = useState<T>(() =>
    name === 'draft' && location.hash.startsWith('#w=') ? initial : (kept<T>(name) ?? initial)
  )
  return [
    value,
    (change) =>
      setValue((old) => {
        const next = change(old)
        keep(name, next)
        return next
      })
  ]
}

/** Every problem at its control, and those that no control shows. */
function placed(
  { places, problems }: ReturnType<typeof expand>,
  items: readonly { pointer: string; detail: string; nearest?: readonly string[] }[] = []
) {
  const errors = new Map<string, string[]>()
  const others: string[] = []
  const add = (field: string, detail: string) => {
    const known = errors.get(field) ?? []
    if (!known.includes(detail)) errors.set(field, [...known, detail])
  }
  for (const { field, detail } of problems) add(field, detail)
  for (const { pointer, detail } of items) {
    const field = pointer === '/performed_date' ? 'date' : fieldAt(places, pointer)
    if (field === undefined) others.push(detail)
    else add(field, detail)
  }
  return { errors, others }
}
