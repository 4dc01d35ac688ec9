import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { type CatalogueMovement, readable } from '../model/catalogue.ts'
import type { MovementSearch } from '../model/movement-search.ts'
import { readLine, type WrittenLine } from '../model/whiteboard-line.ts'

interface Props {
  readonly search: MovementSearch
  readonly onPick: (movement: CatalogueMovement, written: WrittenLine) => void
  readonly wrong: readonly string[]
}

/** One box that finds a movement as it is written on a whiteboard, amounts and all (an ARIA combobox). */
export function MovementPicker({ search, onPick, wrong }: Props) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const found = foundFor(search, text)
  const chosen = Math.min(active, found.length - 1)
  const pick = (movement: CatalogueMovement | undefined, typed: string) => {
    if (movement === undefined) return
    onPick(movement, readLine(typed))
    setText('')
    setActive(0)
    input.current?.focus()
  }
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLInputElement>) => {
    // The last input may not be rendered yet.
    const typed = event.currentTarget.value
    if (event.key === 'ArrowDown') setActive((chosen + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setActive((chosen - 1 + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') pick(foundFor(search, typed)[typed === text ? chosen : 0], typed)
    else if (event.key === 'Escape') setText('')
    else return
    event.preventDefault()
  }
  const written = readLine(text)
  return (
    <div class="picker">
      <label for="add">Add a movement</label>
      <input
        id="add"
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls="movements-found"
        aria-activedescendant={found.length > 0 ? `found-${chosen}` : undefined}
        aria-invalid={wrong.length > 0}
        aria-describedby={wrong.length > 0 ? 'add-wrong' : 'add-hint'}
        placeholder="15 wall balls 20 lb, 400 m run, T2B…"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <small id="add-hint" class="hint">
        As on the whiteboard: repetitions, name, load. Enter takes the first.
      </small>
      {wrong.length > 0 && (
        <p id="add-wrong" class="wrong">
          {wrong.join(' ')}
        </p>
      )}
      <div id="movements-found" role="listbox" aria-label="Movements found" tabIndex={-1} hidden={found.length === 0}>
        {found.map((movement, index) => (
          <div
            key={movement.name}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onMouseDown={(event) => {
              event.preventDefault()
              pick(movement, text)
            }}
          >
            <strong>{readable(movement.name)}</strong>
            <small>
              {[written.reps && `${written.reps} reps`, ...written.amounts.map(({ value, unit }) => `${value} ${unit}`)]
                .filter(Boolean)
                .join(', ')}
            </small>
          </div>
        ))}
      </div>
      {text.trim() !== '' && found.length === 0 && <p class="wrong">{nothingFound(search, written.name)}</p>}
    </div>
  )
}

function foundFor(search: MovementSearch, text: string): CatalogueMovement[] {
  return text.trim() === '' ? [] : search.find(readLine(text).name)
}

function nothingFound(search: MovementSearch, name: string): string {
  const { reason } = search.named(name)
  return reason === undefined ? 'No movement has this name.' : `This is not measured: ${reason}.`
}
