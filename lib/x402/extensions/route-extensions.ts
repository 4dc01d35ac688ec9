import { bazaarExtension } from './bazaar.ts'
import { DISCOVERABLE_ROUTES } from './discoverable-routes.ts'
import { paymentIdentifierExtension } from './payment-identifier.ts'

/**
 * The `extensions` of a route's 402.
 * @param route the router's pattern
 */
export function routeExtensions(route: string): Readonly<Record<string, unknown>> {
  const discoverable = DISCOVERABLE_ROUTES.find(({ pattern }) => pattern === route)
  return { ...paymentIdentifierExtension, ...(discoverable && bazaarExtension(discoverable)) }
}
