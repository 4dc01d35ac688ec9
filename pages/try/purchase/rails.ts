import type { SoldRail } from '../../../lib/docs/try-page.ts'

export type { SoldRail }

/** The rails that this page has wallets for. */
const WITH_WALLETS: ReadonlySet<string> = new Set(['l402', 'x402'])

/** Whether the service has a wallet with play money for a rail. */
export function hasPlayMoney(rails: readonly SoldRail[], name: string): boolean {
  return rails.some((rail) => rail.name === name && rail.hasDevelopmentWallet)
}

/**
 * The rails that only a program can pay over; the page links to the guide of each.
 * @param unavailable rails without an offer at present, by name
 */
export function programRails(rails: readonly SoldRail[], unavailable: object = {}): readonly SoldRail[] {
  return rails.filter(({ name }) => !WITH_WALLETS.has(name) && !Object.hasOwn(unavailable, name))
}
