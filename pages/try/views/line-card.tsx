import { useRef, useState } from 'preact/hooks'
import { type Catalogue, type CatalogueInput, type CatalogueMovement, needsReps, readable } from '../model/catalogue.ts'
import type { Format, Line, Typed } from '../model/draft.ts'
import { type FieldErrors, QuantityField, TextField } from './field.tsx'

interface Props {
  readonly line: Line
  readonly movement: CatalogueMovement
  readonly catalogue: Catalogue
  readonly format: Format
  readonly errors: FieldErrors
  readonly onChange: (line: Line) => void
  readonly onRemove: () => void
  readonly onMove: (() => void) | undefined
}

/** One movement of a round: only the inputs that it needs, the others on request. */
export function LineCard({ line, movement, catalogue, format, errors, onChange, onRemove, onMove }: Props) {
  const [isOpen, setOpen] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  // The pressed button disappears with its question.
  const answer = (next: Line) => {
    onChange(next)
    heading.current?.focus({ preventScroll: true })
  }
  const given = Object.keys(line.inputs).filter((name) => line.inputs[name]?.value.trim() !== '')
  const isShown = ({ name, isRequired }: CatalogueInput) =>
    isRequired ||
    isOpen ||
    line.inputs[name] !== undefined ||
    (movement.oneOf.includes(name) && !movement.oneOf.some((other) => other !== name && given.includes(other)))
  const hidden = movement.inputs.filter((input) => !isShown(input))
  const own = errors.get(`line:${line.id}`) ?? []
  const isCounted = needsReps(movement, given)
  const measured = movement.inputs.some(({ name }) => name === 'travel_distance') ? 'distance' : 'calories'
  return (
    <li class="line" aria-label={readable(movement.name)}>
      <div class="line-head">
        <h3 ref={heading} tabIndex={-1}>
          {readable(movement.name)}
        </h3>
        {onMove && (
          <button type="button" class="quiet" onClick={onMove} aria-label={`Move ${readable(movement.name)} up`}>
            ↑
          </button>
        )}
        <button type="button" class="quiet" onClick={onRemove} aria-label={`Remove ${readable(movement.name)}`}>
          Remove
        </button>
      </div>
      {line.remark !== undefined && (
        <div class="remark" role="note">
          <p class="warn">{line.remark}</p>
          {line.alternatives?.map((name) => {
            const other = catalogue.get(name)
            return (
              other && (
                <button key={name} type="button" onClick={() => answer(insteadOf(line, other))}>
                  It is {readable(name)}
                </button>
              )
            )
          })}
          {line.pairLoad !== undefined && (
            <button type="button" onClick={() => answer(ofPair(line, line.pairLoad!))}>
              It is {line.inputs.external_load?.value} {line.pairLoad.unit} in each hand
            </button>
          )}
          <button type="button" class="quiet" onClick={() => answer(withoutRemark(line))}>
            That is right
          </button>
        </div>
      )}
      <div class="controls">
        <TextField
          field={`line:${line.id}:reps`}
          label={`${isCounted ? 'Reps' : 'Times'} per ${format === 'emom' ? 'interval' : 'round'}`}
          errors={errors}
          value={line.reps}
          placeholder={isCounted ? '15, or 21-15-9' : '1'}
          onChange={(reps) => onChange({ ...line, reps })}
        />
        {movement.inputs.filter(isShown).map(({ name, units }) => (
          <QuantityField
            key={name}
            field={`line:${line.id}:${name}`}
            label={name === 'external_load' ? 'Load, in total' : capitalised(readable(name))}
            errors={errors}
            typed={line.inputs[name] ?? { value: '', unit: preferred(name, units) }}
            units={units}
            onChange={(typed) => onChange({ ...line, inputs: { ...line.inputs, [name]: typed } })}
          />
        ))}
        {format === 'amrap' && (
          <TextField
            field={`line:${line.id}:extra`}
            label={isCounted ? 'Extra reps' : `Extra ${measured}`}
            errors={errors}
            value={line.extra}
            placeholder="0"
            inputMode="decimal"
            onChange={(extra) => onChange({ ...line, extra })}
          />
        )}
      </div>
      {hidden.length > 0 && (
        <button
          type="button"
          class="quiet more"
          onClick={() => {
            setOpen(true)
            heading.current?.focus({ preventScroll: true })
          }}
        >
          + {hidden.map(({ name }) => readable(name)).join(', ')}
        </button>
      )}
      {own.length > 0 && <p class="wrong">{own.join(' ')}</p>}
    </li>
  )
}

/** A turn of an EMOM in which one rests. */
export function RestCard({ onRemove }: { readonly onRemove: () => void }) {
  return (
    <li class="line" aria-label="Rest">
      <div class="line-head">
        <h3>Rest</h3>
        <button type="button" class="quiet" onClick={onRemove} aria-label="Remove the rest">
          Remove
        </button>
      </div>
      <p class="message">A whole interval without work.</p>
    </li>
  )
}

/** The load of both hands in place of what was written for one. */
function ofPair(line: Line, load: Typed): Line {
  return { ...withoutRemark(line), inputs: { ...line.inputs, external_load: load } }
}

function withoutRemark({ remark: _, alternatives: __, pairLoad: ___, ...line }: Line): Line {
  return line
}

/** The same line of another movement, with the inputs that it has too. */
function insteadOf(line: Line, { name, inputs }: CatalogueMovement): Line {
  const kept = Object.entries(line.inputs).filter(([input]) => inputs.some((one) => one.name === input))
  return { ...withoutRemark(line), movement: name, inputs: Object.fromEntries(kept) }
}

/** The unit that people write first for an input. */
function preferred(name: string, units: readonly string[]): string {
  const usual = name.endsWith('_load') ? 'lb' : name.endsWith('_height') ? 'in' : 'm'
  return units.includes(usual) ? usual : (units[0] ?? '')
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
