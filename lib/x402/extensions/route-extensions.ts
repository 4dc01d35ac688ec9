import { bazaarExtension } from './bazaar.ts'
import { DISCOVERABLE_ROUTES } from './discoverable-routes.ts'
import { paymentIdentifierExtension } from './payment-identifier.ts'

type Extensions = Readonly<Record<string, unknown>>

/** Fitting a schema into a header takes longer than a whole request. */
const made = new Map<string, Extensions>()

/**
 * The `extensions` of a route's 402.
 * @param route the router's pattern, of which there are few
 */
export function routeExtensions(route: string): Extensions {
  const known = made.get(route)
  if (known !== undefined) return known
  const discoverable = DISCOVERABLE_ROUTES.find(({ pattern }) => pattern === route)
  const extensions = { ...paymentIdentifierExtension, ...(discoverable && bazaarExtension(discoverable)) }
  made.set(route, extensions)
  return extensions
}
