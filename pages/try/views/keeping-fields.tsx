import { randomUuid } from '../model/random-uuid.ts'
import { Field, type FieldErrors } from './field.tsx'

/** Whether an answer is stored, and under which UUID. */
export interface Keeping {
  readonly isKept: boolean
  readonly athleteUuid: string | undefined
}

interface Props {
  readonly keeping: Keeping
  readonly date: string
  readonly errors: FieldErrors
  readonly onKeeping: (keeping: Keeping) => void
  readonly onDate: (date: string) => void
}

export function KeepingFields({ keeping, date, errors, onKeeping, onDate }: Props) {
  return (
    <section class="panel" aria-labelledby="keeping-title">
      <h2 id="keeping-title">Keep it?</h2>
      <fieldset class="formats">
        <legend class="sr">What happens to the workout</legend>
        <label class="choice">
          <input
            type="radio"
            name="keeping"
            checked={!keeping.isKept}
            onChange={() => onKeeping({ ...keeping, isKept: false })}
          />
          <span>Just compute</span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name="keeping"
            checked={keeping.isKept}
            onChange={() => onKeeping({ isKept: true, athleteUuid: keeping.athleteUuid ?? randomUuid() })}
          />
          <span>Keep in my history</span>
        </label>
      </fieldset>
      {keeping.isKept ? (
        <Field
          field="date"
          label="Day"
          errors={errors}
          hint="It counts in your power-duration curve. Only this browser has the key."
        >
          {(attributes) => (
            <input {...attributes} type="date" value={date} onInput={(event) => onDate(event.currentTarget.value)} />
          )}
        </Field>
      ) : (
        <p class="message">Nothing is stored: you get the figures, and that is all.</p>
      )}
    </section>
  )
}
