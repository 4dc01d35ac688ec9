import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_TIMEOUT_SECONDS } from './terms.ts'

/** A previous price, and until when payments at it are accepted. */
export interface PreviousPrice {
  readonly microUsd: bigint
  readonly untilMs: number
}

const FILE = 'x402-prices.json'

/**
 * Stores the prices of this start and returns those of the previous one, so that a payment signed just before a price
 * change is accepted. Stored in the data folder; an unreadable file counts as none, and if writing fails, the prices of
 * the earlier start remain.
 * @param folder undefined: nothing is stored
 */
export function previousPrices(
  folder: string | undefined,
  prices: Readonly<Record<string, bigint>>,
  nowMs: number
): ReadonlyMap<string, PreviousPrice> {
  const previous = new Map<string, PreviousPrice>()
  if (folder === undefined) return previous
  const noted = read(join(folder, FILE))
  for (const [route, microUsd] of Object.entries(prices)) {
    const before = noted[route]
    if (before === undefined) continue
    if (before.microUsd !== microUsd.toString())
      previous.set(route, { microUsd: BigInt(before.microUsd), untilMs: nowMs + MAX_TIMEOUT_SECONDS * 1000 })
    else if (before.previous !== undefined && before.previous.untilMs > nowMs)
      previous.set(route, { microUsd: BigInt(before.previous.microUsd), untilMs: before.previous.untilMs })
  }
  write(folder, prices, previous)
  return previous
}

interface Noted {
  readonly microUsd: string
  readonly previous?: { readonly microUsd: string; readonly untilMs: number }
}

function read(path: string): Readonly<Record<string, Noted | undefined>> {
  try {
    const noted = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Noted>
    for (const { microUsd, previous } of Object.values(noted)) {
      BigInt(microUsd)
      BigInt(previous?.microUsd ?? 0)
    }
    return noted
  } catch {
    return {}
  }
}

function write(
  folder: string,
  prices: Readonly<Record<string, bigint>>,
  previous: ReadonlyMap<string, PreviousPrice>
): void {
  const noted: Record<string, Noted> = {}
  for (const [route, microUsd] of Object.entries(prices)) {
    const before = previous.get(route)
    noted[route] = {
      microUsd: microUsd.toString(),
      ...(before && { previous: { microUsd: before.microUsd.toString(), untilMs: before.untilMs } })
    }
  }
  const path = join(folder, FILE)
  // Several processes may share the folder.
  const aside = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(aside, JSON.stringify(noted))
    renameSync(aside, path)
  } catch {
    // A full disk or a read-only folder must not stop the start: stored answers and records stay available.
    rmSync(aside, { force: true })
  }
}
