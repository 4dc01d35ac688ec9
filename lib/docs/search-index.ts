import type { MovementsDocument } from '../../schemas/movements.ts'
import { problemGuides } from './problems/problem-pages.ts'
import type { RailDocs } from './rail-docs.ts'
import { type OpenApi, operationsOf, sharedTypes } from './reference/openapi-parts.ts'

/** A search entry: title, URL and kind. */
type Entry = readonly [words: string, href: string, kind: string]

/** The entries of the documentation's search: routes, request fields, problems and movements. */
export function searchIndex(document: OpenApi, movements: MovementsDocument, rails: readonly RailDocs[]): Entry[] {
  const routes = operationsOf(document).map(
    ({ method, path, operation }): Entry => [
      `${method} ${path} ${operation.summary ?? ''}`,
      `/docs#${operation.operationId}`,
      'route'
    ]
  )
  const types = [...sharedTypes(document)].map((name): Entry => [name, `/docs#type-${name}`, 'type'])
  const problems = problemGuides(rails).map(
    ({ code, what }): Entry => [`${code} ${what}`, `/docs/errors/${code}`, 'problem']
  )
  const names = Object.entries(movements).map(
    ([name, { aliases }]): Entry => [
      [name, name.replaceAll('_', ' '), ...aliases].join(' '),
      `/docs/movements#${name}`,
      'movement'
    ]
  )
  return [...routes, ...problems, ...names, ...types]
}
