import type { ComponentChildren } from 'preact'
import type { Typed } from '../model/draft.ts'

/** What is wrong with each control, by its name. */
export type FieldErrors = ReadonlyMap<string, readonly string[]>

interface FieldProps {
  readonly field: string
  readonly label: string
  readonly errors: FieldErrors
  readonly hint?: string
  readonly children: (attributes: ControlAttributes) => ComponentChildren
}

interface ControlAttributes {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

/** A control with its label, a hint, and what is wrong with it. */
export function Field({ field, label, errors, hint, children }: FieldProps) {
  const id = `field-${field.replaceAll(':', '-')}`
  const wrong = errors.get(field) ?? []
  const described = [wrong.length > 0 && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="control">
      <label for={id}>{label}</label>
      {children({ id, 'aria-invalid': wrong.length > 0, 'aria-describedby': described || undefined })}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {wrong.length > 0 && (
        <p id={`${id}-wrong`} class="wrong">
          {wrong.join(' ')}
        </p>
      )}
    </div>
  )
}

interface TextProps {
  readonly field: string
  readonly label: string
  readonly errors: FieldErrors
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  readonly placeholder?: string
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
}

export function TextField({ value, onChange, placeholder, inputMode, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          autocomplete="off"
          inputMode={inputMode ?? 'text'}
          placeholder={placeholder}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface QuantityProps {
  readonly field: string
  readonly label: string
  readonly errors: FieldErrors
  readonly typed: Typed
  readonly units: readonly string[]
  readonly onChange: (typed: Typed) => void
  readonly hint?: string
}

/** A number with its unit. */
export function QuantityField({ typed, units, onChange, ...field }: QuantityProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <span class="quantity">
          <input
            {...attributes}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            value={typed.value}
            onInput={(event) => onChange({ ...typed, value: event.currentTarget.value })}
          />
          <select
            aria-label={`Unit of ${field.label.toLowerCase()}`}
            value={typed.unit}
            onChange={(event) => onChange({ ...typed, unit: event.currentTarget.value })}
          >
            {units.map((unit) => (
              <option key={unit} value={unit}>
                {unit}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  )
}
