import { PriceExceeded } from './errors.ts'

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,6}))?$/

/** Millionths of a US dollar. @throws TypeError where the text is not a decimal with at most six places */
export function microUsd(usd: string | number): bigint {
  const [, whole, fraction = ''] = DECIMAL.exec(String(usd)) ?? []
  if (whole === undefined) throw new TypeError(`not an amount in US dollars: ${usd}`)
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

/** What may be spent: for one answer, and by one client in its life. */
export class Budget {
  readonly #maxPrice: bigint
  readonly #maxTotal: bigint | undefined
  #spent = 0n

  constructor(maxPriceUsd: string | number, maxTotalUsd: string | number | undefined) {
    this.#maxPrice = microUsd(maxPriceUsd)
    this.#maxTotal = maxTotalUsd === undefined ? undefined : microUsd(maxTotalUsd)
  }

  /**
   * Sets a price aside before it is paid, so that purchases side by side stay within the total.
   * @returns the price in millionths of a US dollar
   * @throws PriceExceeded
   */
  take(priceUsd: string): bigint {
    const price = microUsd(priceUsd)
    if (price > this.#maxPrice) throw new PriceExceeded(priceUsd, 'maxPriceUsd is lower')
    if (this.#maxTotal !== undefined && this.#spent + price > this.#maxTotal)
      throw new PriceExceeded(priceUsd, 'less is left of maxTotalUsd')
    this.#spent += price
    return price
  }

  /** Gives back what was certainly not paid. */
  giveBack(price: bigint): void {
    this.#spent -= price
  }
}
