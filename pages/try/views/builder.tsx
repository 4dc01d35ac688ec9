import { useState } from 'preact/hooks'
import type { Catalogue } from '../model/catalogue.ts'
import {
  type Athlete,
  type Draft,
  EMPTY_DRAFT,
  EXAMPLE_DRAFT,
  type Format,
  type Line,
  nextId,
  REST,
  type Typed
} from '../model/draft.ts'
import { lineFor } from '../model/line-for.ts'
import type { MovementSearch } from '../model/movement-search.ts'
import { readWhiteboard } from '../model/whiteboard.ts'
import type { UnreadRow } from '../model/whiteboard-heads.ts'
import { type FieldErrors, QuantityField, TextField } from './field.tsx'
import { LineCard, RestCard } from './line-card.tsx'
import { MovementPicker } from './movement-picker.tsx'

interface Props {
  readonly draft: Draft
  readonly athlete: Athlete
  readonly catalogue: Catalogue
  readonly search: MovementSearch
  readonly errors: FieldErrors
  readonly onDraft: (change: (old: Draft) => Draft) => void
  readonly onAthlete: (athlete: Athlete) => void
}

const FORMATS: readonly (readonly [Format, string])[] = [
  ['for_time', 'For time'],
  ['amrap', 'AMRAP'],
  ['emom', 'EMOM']
]

/** The workout as it is written on a whiteboard, and the athlete who did it. */
export function Builder({ draft, athlete, catalogue, search, errors, onDraft, onAthlete }: Props) {
  const set = (change: Partial<Draft>) => onDraft((old) => ({ ...old, ...change }))
  const setLines = (change: (lines: readonly Line[]) => readonly Line[]) =>
    onDraft((old) => ({ ...old, lines: change(old.lines) }))
  const text = (field: keyof Draft & string, label: string, more: { placeholder?: string; hint?: string } = {}) => (
    <TextField
      field={field}
      label={label}
      errors={errors}
      value={String(draft[field])}
      onChange={(value) => set({ [field]: value })}
      {...more}
    />
  )
  const hasScheme = draft.lines.some(({ reps }) => /\d\s*[-–]\s*\d/.test(reps))
  const hasRounds = hasScheme || draft.rounds.trim() !== '1' || draft.roundTimes !== '' || draft.rest !== ''
  return (
    <>
      <section class="panel" aria-labelledby="athlete-title">
        <h2 id="athlete-title">Athlete</h2>
        <div class="controls">
          <QuantityField
            field="height"
            label="Height"
            errors={errors}
            typed={athlete.height}
            units={['cm', 'm', 'in', 'ft']}
            onChange={(height) => onAthlete({ ...athlete, height })}
          />
          <QuantityField
            field="body_mass"
            label="Body mass"
            errors={errors}
            typed={athlete.bodyMass}
            units={['kg', 'lb']}
            onChange={(bodyMass) => onAthlete({ ...athlete, bodyMass })}
          />
        </div>
      </section>
      <section class="panel" aria-labelledby="workout-title">
        <div class="line-head">
          <h2 id="workout-title" tabIndex={-1}>
            Workout
          </h2>
          <button type="button" class="quiet" onClick={() => onDraft(() => EXAMPLE_DRAFT)}>
            Example
          </button>
          <button type="button" class="quiet" onClick={() => onDraft(() => EMPTY_DRAFT)}>
            Clear
          </button>
        </div>
        <Whiteboard search={search} bodyMass={athlete.bodyMass} onDraft={onDraft} />
        <div class="controls name">{text('title', 'Name', { placeholder: 'Fran' })}</div>
        <fieldset class="formats">
          <legend class="sr">Format</legend>
          {FORMATS.map(([format, name]) => (
            <label key={format} class="choice">
              <input type="radio" name="format" checked={draft.format === format} onChange={() => set({ format })} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        <div class="controls">
          {draft.format === 'emom' ? (
            <>
              {text('interval', 'Every', { placeholder: '1:00' })}
              {text('intervals', 'Intervals', { placeholder: '10' })}
              {text('working', 'Work per interval', { placeholder: '0:40' })}
            </>
          ) : (
            <>
              {!(draft.format === 'for_time' && hasScheme) &&
                text('rounds', draft.format === 'amrap' ? 'Whole rounds' : 'Rounds')}
              {text('time', draft.format === 'amrap' ? 'Time cap' : 'Total time', {
                placeholder: draft.format === 'amrap' ? '20:00' : '4:30'
              })}
              {hasRounds &&
                text('roundTimes', 'Time of each round', {
                  placeholder: '1:50 1:30 1:00',
                  hint: 'Optional: gives the power of each round.'
                })}
              {hasRounds && draft.format === 'for_time' && text('rest', 'Rest between rounds', { placeholder: '0:00' })}
            </>
          )}
        </div>
        {draft.format === 'emom' && (
          <label class="check">
            <input
              type="checkbox"
              checked={draft.isAlternating}
              onChange={(event) => set({ isAlternating: event.currentTarget.checked })}
            />
            One movement per interval, in turn
          </label>
        )}
        <ol class="lines">
          {draft.lines.map((line, index) => {
            const onRemove = () => {
              setLines((lines) => lines.filter(({ id }) => id !== line.id))
              // The pressed button disappears with its line.
              document.getElementById('workout-title')?.focus({ preventScroll: true })
            }
            if (line.movement === REST)
              return draft.format === 'emom' && draft.isAlternating && <RestCard key={line.id} onRemove={onRemove} />
            const movement = catalogue.get(line.movement)
            if (movement === undefined) return null
            const before = draft.lines[index - 1]
            return (
              <LineCard
                key={line.id}
                line={line}
                movement={movement}
                catalogue={catalogue}
                format={draft.format}
                errors={errors}
                onChange={(next) => setLines((lines) => lines.map((other) => (other.id === next.id ? next : other)))}
                onRemove={onRemove}
                onMove={before && (() => setLines((lines) => lines.with(index - 1, line).with(index, before)))}
              />
            )
          })}
        </ol>
        <MovementPicker
          search={search}
          wrong={errors.get('add') ?? []}
          onPick={(movement, written) =>
            onDraft((old) => ({
              ...old,
              ...(old.lines.length === 0 && written.sets !== '' && { rounds: written.sets }),
              lines: [...old.lines, lineFor(movement, written, nextId(old))]
            }))
          }
        />
      </section>
    </>
  )
}

interface WhiteboardProps {
  readonly search: MovementSearch
  readonly bodyMass: Typed
  readonly onDraft: Props['onDraft']
}

function Whiteboard({ search, bodyMass, onDraft }: WhiteboardProps) {
  const [text, setText] = useState('')
  const [unread, setUnread] = useState<readonly UnreadRow[]>()
  const [isRead, setRead] = useState(false)
  const read = () => {
    const result = readWhiteboard(text, search, bodyMass)
    const hasLines = result.draft.lines.length > 0
    setRead(hasLines)
    setUnread(result.unread)
    if (hasLines) onDraft(() => result.draft)
  }
  return (
    <details class="whiteboard">
      <summary>Write or paste the whole whiteboard</summary>
      <label for="whiteboard">The workout, a line each</label>
      <textarea
        id="whiteboard"
        rows={6}
        placeholder={'Cindy\nAMRAP 20 min\n5 pull-ups\n10 push-ups\n15 air squats\n18 rounds + 7'}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="button" onClick={read} disabled={text.trim() === ''}>
        Read it
      </button>
      <div role="status">
        {unread !== undefined && isRead && (
          <p class={unread.length === 0 ? 'good' : 'warn'}>
            {unread.length === 0 ? 'Read. Check it below.' : 'Read, except for these lines. Check it below.'}
          </p>
        )}
        {unread !== undefined && !isRead && unread.length === 0 && <p class="wrong">No movement was found.</p>}
        {unread !== undefined && unread.length > 0 && (
          <ul class="wrong">
            {unread.map(({ row, reason }) => (
              <li key={row}>
                “{row}” — {reason}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}
