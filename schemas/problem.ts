import { type Static, Type } from '@sinclair/typebox'

/** The code of the item that replaces unreported problems. */
export const PROBLEMS_TRUNCATED = 'problems_truncated'

/**
 * One problem of a request: its place (JSON pointer into the body, or `header:Name` / `query:name`), a stable code, a
 * plain sentence, and the values that are accepted.
 */
export const ProblemItem = Type.Object(
  {
    pointer: Type.String({
      description:
        'JSON pointer (RFC 6901) into the body; empty for the body as a whole. Elsewhere `header:`, `query:` or `path:`, and the name.'
    }),
    code: Type.String({ description: 'Stable machine-readable code.' }),
    detail: Type.String({ description: 'What is wrong, and what is accepted.' }),
    given: Type.Optional(Type.Unknown({ description: 'The value sent, if it is short and not secret.' })),
    allowed: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number()]), { description: 'The accepted values.' })
    ),
    minimum_is_allowed: Type.Optional(
      Type.Boolean({ description: 'false where the value must be above the first of the two bounds in allowed.' })
    ),
    nearest: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The nearest names in the registry, or the nearest parameters of the route.'
      })
    )
  },
  { $id: 'ProblemItem', title: 'ProblemItem', additionalProperties: false }
)
export type ProblemItem = Static<typeof ProblemItem>

/** An RFC 9457 problem document. */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ description: 'A URI that names the kind of problem.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong, where, and what is accepted.' }),
    code: Type.String({ description: 'Stable machine-readable code.' }),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    canonical_revision_id: Type.Optional(
      Type.String({ description: 'The canonical revision, if the request names another.' })
    ),
    errors: Type.Optional(Type.Array(ProblemItem, { description: 'All problems of the request.' }))
  },
  { $id: 'ProblemDocument', title: 'ProblemDocument' }
)
export type ProblemDocument = Static<typeof ProblemDocument>
