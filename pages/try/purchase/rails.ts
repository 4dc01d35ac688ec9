/** A rail that the service sells over. */
export interface SoldRail {
  readonly name: string
  readonly title: string
}

/** The rails that this page has wallets for. */
const WITH_WALLETS: ReadonlySet<string> = new Set(['l402', 'x402'])

/**
 * The rails that only a program can pay over; the page links to the guide of each.
 * @param unavailable rails without an offer at present, by name
 */
export function programRails(rails: readonly SoldRail[], unavailable: object = {}): readonly SoldRail[] {
  return rails.filter(({ name }) => !WITH_WALLETS.has(name) && !Object.hasOwn(unavailable, name))
}
