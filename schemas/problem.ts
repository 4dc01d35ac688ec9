import { type Static, Type } from '@sinclair/typebox'

/** The code of an item that stands for problems that are not told. */
export const PROBLEMS_TRUNCATED = 'problems_truncated'

/**
 * One thing wrong with a request: where (JSON pointer into the body, or `header:Name` / `query:name`),
 * a stable code, a plain sentence, and what would be right.
 */
export const ProblemItem = Type.Object(
  {
    pointer: Type.String({
      description:
        'JSON pointer (RFC 6901) into the body; empty for the body as a whole. Elsewhere `header:`, `query:` or `path:`, and the name.'
    }),
    code: Type.String({ description: 'Stable machine-readable code.' }),
    detail: Type.String({ description: 'What is wrong and what would be right.' }),
    given: Type.Optional(Type.Unknown({ description: 'What was sent, when it is short and no secret.' })),
    allowed: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number()]), { description: 'The values that would be accepted.' })
    ),
    nearest: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The nearest names: of the registry, or of the parameters that there are.'
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
    detail: Type.String({ description: 'What was wrong, where, and what would be right.' }),
    code: Type.String({ description: 'Stable machine-readable code.' }),
    retryable: Type.Boolean({ description: 'True when the same request may succeed later.' }),
    canonical_revision_id: Type.Optional(
      Type.String({ description: 'The revision that is canonical now, where another one was named.' })
    ),
    errors: Type.Optional(Type.Array(ProblemItem, { description: 'Every problem of the request, at once.' }))
  },
  { $id: 'ProblemDocument', title: 'ProblemDocument' }
)
export type ProblemDocument = Static<typeof ProblemDocument>
