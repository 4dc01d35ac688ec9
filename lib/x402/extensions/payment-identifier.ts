import { type Malformed, malformed } from '../wire/payment-header.ts'
import { isObject, type JsonObject } from '../wire/strict-text.ts'

const NAME = 'payment-identifier'
const MIN_LENGTH = 16
const MAX_LENGTH = 128
const PATTERN = '^[a-zA-Z0-9_-]+$'
const ID = new RegExp(PATTERN)

/**
 * The declaration in a 402 that a client may name its purchase. A copy of a constant of `@x402/extensions`, which would
 * load a schema compiler; a test compares the two.
 */
export const paymentIdentifierExtension = {
  [NAME]: {
    info: { required: false },
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        required: { type: 'boolean' },
        id: { type: 'string', minLength: MIN_LENGTH, maxLength: MAX_LENGTH, pattern: PATTERN }
      },
      required: ['required']
    }
  }
} as const

/**
 * The client's name for its purchase. The schema that a client echoes is never read: upstream compiles it, and a
 * 29-character id then blocked the event loop for 5 s.
 * @returns no id without one; malformed if it is not as declared, because a client that relies on it would pay twice
 */
export function readPaymentIdentifier(
  extensions: JsonObject
): { readonly kind: 'read'; readonly id: string | undefined } | Malformed {
  const extension = Object.hasOwn(extensions, NAME) ? extensions[NAME] : undefined
  const info = isObject(extension) ? extension.info : undefined
  const id = isObject(info) ? info.id : undefined
  if (id === undefined || id === null) return { kind: 'read', id: undefined }
  if (typeof id !== 'string' || id.length < MIN_LENGTH || id.length > MAX_LENGTH || !ID.test(id))
    return malformed(`extensions.${NAME}.info.id is not ${MIN_LENGTH} to ${MAX_LENGTH} letters, digits, - or _.`)
  return { kind: 'read', id }
}
