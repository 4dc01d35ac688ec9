import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type CatalogueDocument, catalogueOf, readable } from './model/catalogue.ts'
import { type Athlete, type Draft, EMPTY_DRAFT, EXAMPLE_ATHLETE, EXAMPLE_DRAFT } from './model/draft.ts'
import { expand, fieldAt } from './model/expand.ts'
import { MovementSearch } from './model/movement-search.ts'
import { randomUuid } from './model/random-uuid.ts'
import { sharedDraft, shareLink } from './model/share.ts'
import { storedAthlete, storedDraft } from './model/stored-draft.ts'
import type { Detail } from './purchase/athlete-records.ts'
import { useCheck } from './purchase/check.ts'
import type { ProblemItem } from './purchase/offer.ts'
import { type Pending, pendingPurchase } from './purchase/pending.ts'
import { Purchase, type PurchaseState } from './purchase/purchase.ts'
import type { SoldRail } from './purchase/rails.ts'
import { type Revising, takenOver } from './purchase/revising.ts'
import { forget, keep, kept } from './purchase/storage.ts'
import { AnswerView } from './views/answer-view.tsx'
import { Builder } from './views/builder.tsx'
import { History } from './views/history.tsx'
import { type Keeping, KeepingFields } from './views/keeping-fields.tsx'
import { CopyButton, PayPanel } from './views/pay-panel.tsx'
import { PricePanel } from './views/price-panel.tsx'

interface Props {
  readonly movements: CatalogueDocument
  readonly rails: readonly SoldRail[]
}

/** The last answer with its request; it survives a reload. */
interface Bought {
  readonly text: string
  readonly body: string
  readonly transaction?: string
}

const today = () => new Date().toLocaleDateString('sv-SE')
/** For a hypothetical workout any UUID is accepted. */
const NOBODY = randomUuid()

export function App({ movements, rails }: Props) {
  const catalogue = useMemo(() => catalogueOf(movements.movements), [movements])
  const search = useMemo(() => new MovementSearch(movements), [movements])
  const [draft, setDraft] = useKept<Draft>('draft', sharedDraft(location.hash) ?? EXAMPLE_DRAFT, EMPTY_DRAFT)
  const [athlete, setAthlete] = useKept<Athlete>('athlete', EXAMPLE_ATHLETE)
  const [keeping, setKeeping] = useKept<Keeping>('keeping', { isKept: false, athleteUuid: undefined })
  const [date, setDate] = useState(today)
  const [revised, setRevised] = useState<Revising>()
  const [state, setState] = useState<PurchaseState>()
  const [bought, setBought] = useState<Bought | undefined>(() => kept<Bought>('bought'))
  const [isNew, setNew] = useState(false)
  const [version, setVersion] = useState(0)
  const purchase = useRef<Purchase | null>(null)
  const [isClosed, setClosed] = useState(false)

  const expanded = useMemo(() => expand(draft, athlete, catalogue), [draft, athlete, catalogue])
  const checked = useMemo(() => {
    if (expanded.workout === undefined) return undefined
    const title = draft.title.trim()
    const who = keeping.isKept
      ? {
          athlete_uuid: keeping.athleteUuid,
          evaluation_context: 'completed',
          performed_date: date,
          ...(title !== '' && { title })
        }
      : { athlete_uuid: NOBODY, evaluation_context: 'hypothetical' }
    const { user, more } = revised === undefined ? { user: {}, more: {} } : takenOver(revised.workout.request)
    return JSON.stringify({ ...who, ...more, ...expanded.workout, user: { ...user, ...expanded.workout.user } })
  }, [expanded, keeping, date, draft.title, revised])
  const check = useCheck(checked)
  const isBlank = draft.lines.length === 0
  const { errors, others } = useMemo(
    () => placed(expanded, isBlank, check.kind === 'bad' ? check.problem.errors : []),
    [expanded, isBlank, check]
  )

  const begin = (pending: Pending) => {
    const own = new Purchase(pending, (next) => {
      // A purchase whose panel is closed may still bring its answer.
      if (purchase.current === own) setState(next.answer === undefined ? next : undefined)
      if (next.answer === undefined) return
      const { text, transaction } = next.answer
      const { body } = next.pending
      const whole = { text, body, ...(transaction && { transaction }) }
      keep('bought', whole)
      setBought(whole)
      setNew(true)
      setVersion((old) => old + 1)
      setRevised(undefined)
    })
    purchase.current = own
    setClosed(false)
    own.begin()
  }
  // A reloaded page resumes its purchase.
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
        path: `/v1/workouts/${revised.workout.workout_id}/revisions`,
        body: JSON.stringify({ ...JSON.parse(checked), supersedes_revision_id: revised.workout.revision_id }),
        askedAtMs
      })
  }
  const revise = (workout: Detail) => {
    const stored = storedDraft(workout.request, catalogue)
    if (stored === undefined) return false
    setRevised((old) => ({ workout, before: old?.before ?? { draft, athlete } }))
    setDraft(() => stored)
    setAthlete(() => storedAthlete(workout.request))
    setDate(workout.performed_date)
    document.getElementById('workout-title')?.focus()
    return true
  }
  const dropRevision = () => {
    if (revised === undefined) return
    setDraft(() => revised.before.draft)
    setAthlete(() => revised.before.athlete)
    setDate(today())
    setRevised(undefined)
  }
  const closePurchase = () => {
    purchase.current = null
    setState(undefined)
    setClosed(true)
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
              rails={rails}
              check={check}
              isBlank={isBlank}
              marked={errors.size}
              local={expanded.problems}
              others={others}
              revised={revised?.workout}
              takesFocus={isClosed}
              onBuy={buy}
              onCancelRevision={dropRevision}
            />
          ) : (
            <PayPanel state={state} purchase={purchase.current!} rails={rails} onClose={closePurchase} />
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
          rails={rails}
          isNew={isNew}
        />
      )}
      {keeping.isKept && keeping.athleteUuid !== undefined && (
        <History athleteUuid={keeping.athleteUuid} version={version} onRevise={revise} onForget={forgetAthlete} />
      )}
    </>
  )
}

/**
 * A state stored in this browser.
 * @param base has what an older page did not keep yet
 */
function useKept<T extends object>(name: string, initial: T, base?: T): [T, (change: (old: T) => T) => void] {
  const [value, setValue] = useState<T>(() => {
    const old = name === 'draft' && location.hash.startsWith('#w=') ? undefined : kept<T>(name)
    return old === undefined ? initial : { ...base, ...old }
  })
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

/** A sentence of the service with the names of the form, and bounds without the digits of a conversion. */
function plainWords(detail: string): string {
  return detail
    .replace(/\b[a-z]+(?:_[a-z]+)+\b/g, readable)
    .replace(/(\d\.\d\d)\d{3,}/g, '$1')
    .replace(/^[a-z]/, (letter) => letter.toUpperCase())
}

/** What everybody has yet to write. */
const MISSING_AT_FIRST: ReadonlySet<string> = new Set(['add', 'time'])

/** What to do about a problem here, where there are rounds instead of splits. */
const WORDS_OF_THE_FORM: Readonly<Record<string, string | undefined>> = {
  split_of_its_own_required:
    'Its work depends on its own time. Give it a round of its own: write 1-0 here, 0-1 in the other lines, and the time of each round above.'
}

/** Problems by control, and those without a control. */
function placed({ places, problems }: ReturnType<typeof expand>, isBlank: boolean, items: readonly ProblemItem[] = []) {
  const errors = new Map<string, string[]>()
  const others: string[] = []
  const add = (field: string, detail: string) => {
    const known = errors.get(field) ?? []
    if (!known.includes(detail)) errors.set(field, [...known, detail])
  }
  // An empty form is not wrong yet.
  for (const { field, detail } of problems) if (!isBlank || !MISSING_AT_FIRST.has(field)) add(field, detail)
  for (const { pointer, code, detail } of items) {
    const field = pointer === '/performed_date' ? 'date' : fieldAt(places, pointer)
    if (field === undefined) others.push(detail)
    else add(field, WORDS_OF_THE_FORM[code] ?? plainWords(detail))
  }
  return { errors, others }
}
