import { Type } from '@sinclair/typebox'

/**
 * The kinds of variables that parts read from the environment. Each description states the valid values and completes
 * the sentence "must be …" after an invalid value.
 */

export const URL_PATTERN = '^https?://[^/?#\\s@]+(/[^?#\\s]*)?$'
export const HOST_NAME = { pattern: '^[A-Za-z0-9.:_-]+$', description: 'an address or a host name' }

/** A text of a form; without a default. */
export function text(pattern: string, description: string) {
  return Type.Optional(Type.String({ pattern, description }))
}

/** A secret, which may come from a file: `<NAME>_FILE` is the `path` beside it. `isBytes`: the file is read as base64. */
export function secret(description: string, more: { isBytes?: true } = {}) {
  return Type.Optional(Type.String({ minLength: 1, description, ...more }))
}

export const path = Type.Optional(Type.String({ minLength: 1, description: 'the path of a readable file' }))

export function wholeNumber(minimum: number, maximum: number, defaultValue: number) {
  return Type.Integer({
    minimum,
    maximum,
    default: defaultValue,
    description: `a whole number from ${minimum} to ${maximum}`
  })
}
