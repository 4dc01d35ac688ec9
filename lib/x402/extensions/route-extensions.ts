import { bazaarExtension } from './bazaar.ts'
import { DISCOVERABLE_ROUTES } from './discoverable-routes.ts'
import { paymentIdentifierExtension } from './payment-identifier.ts'

type Extensions = Readonly<Record<string, unknown>>

interface Made {
  readonly extensions: Extensions
  readonly bazaarMember: string
}

/** Fitting a schema into a header takes longer than a whole request. Routes are few. */
const made = new Map<string, Made>()

/**
 * The `extensions` of a route's 402.
 * @param route the router's pattern
 */
export function routeExtensions(route: string): Extensions {
  return madeFor(route).extensions
}

/** The `bazaar` among them, as a member of JSON text; empty for a route that has none. */
export function bazaarMember(route: string): string {
  return madeFor(route).bazaarMember
}

function madeFor(route: string): Made {
  const known = made.get(route)
  if (known !== undefined) return known
  const discoverable = DISCOVERABLE_ROUTES.find(({ pattern }) => pattern === route)
  const bazaar = discoverable && bazaarExtension(discoverable)
  const fresh = {
    extensions: { ...paymentIdentifierExtension, ...bazaar },
    bazaarMember: bazaar === undefined ? '' : JSON.stringify(bazaar).slice(1, -1)
  }
  made.set(route, fresh)
  return fresh
}
