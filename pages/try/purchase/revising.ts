import type { Athlete, Draft } from '../model/draft.ts'
import type { StoredRequest } from '../model/stored-request.ts'
import type { Detail } from './athlete-records.ts'

/** A stored workout that is being corrected. */
export interface Revising {
  readonly workout: Detail
  /** What the form held before; it returns when the revision is dropped. */
  readonly before: { readonly draft: Draft; readonly athlete: Athlete }
}

/** Members of a request that the form does not show, and that a revision takes over. */
export function takenOver({ user, response_units: units }: StoredRequest): {
  readonly user: Record<string, unknown>
  readonly more: { readonly response_units?: object }
} {
  const { height: _, body_mass: __, ...rest } = user
  return { user: rest, more: units === undefined ? {} : { response_units: units } }
}
