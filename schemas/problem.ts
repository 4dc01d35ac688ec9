import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { named } from './naming.ts'
import { components } from './probes.ts'
import { IntegerLiteral } from './quantity.ts'

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
    detail: Type.String({ description: 'What is wrong and what is accepted.' }),
    given: Type.Optional(Type.Unknown({ description: 'The value sent, if it is short and not secret.' })),
    allowed: Type.Optional(
      Type.Array(Type.Unsafe<string | number>(Type.Unknown()), {
        description: 'The accepted values, strings or numbers; of a range its two bounds.'
      })
    ),
    minimum_is_allowed: Type.Optional(
      Type.Boolean({ description: 'false if the value must be above the first of the two bounds in allowed.' })
    ),
    nearest: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The nearest names in the registry, or the nearest parameters of the route.'
      })
    )
  },
  { title: 'ProblemItem', description: 'One problem of a request.', additionalProperties: false }
)
export type ProblemItem = Static<typeof ProblemItem>

/** The members of every RFC 9457 problem document but its `status`. */
export const problemFields = {
  type: Type.String({ description: 'The URL of the page that explains the problem; `code` is the stable name.' }),
  title: Type.String({ description: 'Name of the status.' }),
  detail: Type.String({ description: 'What is wrong, where, and what is accepted instead.' }),
  code: Type.String({ description: 'Stable machine-readable code.' }),
  retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' })
}

const errors = Type.Array(ProblemItem, { description: 'All problems of the request.' })
const canonicalRevisionId = Type.String({
  description: 'The canonical revision, if the request names a different one.'
})

const componentsNotReady = named(components, 'The status of each part; only with code `not_ready` of GET /readyz.')

/** Any RFC 9457 problem document of this service. */
export const ProblemDocument = Type.Object({
  ...problemFields,
  status: Type.Integer(),
  canonical_revision_id: Type.Optional(canonicalRevisionId),
  errors: Type.Optional(errors)
})
export type ProblemDocument = Static<typeof ProblemDocument>

/** The problem documents of one status: a literal `status` lets a typed client distinguish them. */
function problemOf<const Status extends number, More extends Record<string, TSchema>>(
  status: Status,
  title: string,
  more: More
) {
  const description = `A problem document (RFC 9457) of status ${status}.`
  return Type.Object({ ...problemFields, status: IntegerLiteral(status), ...more }, { title, description })
}

export const PROBLEMS = {
  400: problemOf(400, 'BadRequestProblem', { errors: Type.Optional(errors) }),
  403: problemOf(403, 'ForbiddenProblem', {}),
  404: problemOf(404, 'NotFoundProblem', {}),
  409: problemOf(409, 'ConflictProblem', { canonical_revision_id: Type.Optional(canonicalRevisionId) }),
  410: problemOf(410, 'GoneProblem', {}),
  413: problemOf(413, 'ContentTooLargeProblem', {}),
  415: problemOf(415, 'UnsupportedMediaTypeProblem', {}),
  422: problemOf(422, 'ValidationProblem', { errors: Type.Optional(errors) }),
  429: problemOf(429, 'RateLimitProblem', {}),
  503: problemOf(503, 'UnavailableProblem', { components: Type.Optional(componentsNotReady) })
} as const
