import type { Database } from '../database/database.ts'
import { change, type Script } from '../database/script.ts'

/**
 * How long a hold lasts unless its process extends it. After a crash the payer waits as long before the bare payment
 * collects the answer.
 */
const HOLD_MS = 10_000
/** Several attempts fit into a hold. */
const EXTEND_EVERY_MS = HOLD_MS / 4

interface Hold {
  /** Responses of this process that the answer may leave on: at most one of them is open. */
  responses: number
  /** As the row has it, unix milliseconds; 0 once it is lost. */
  untilMs: number
}

const TAKE = `
  UPDATE payments SET held_until_ms = ?
  WHERE proof_key = ? AND state = 'captured' AND delivered_at_ms IS NULL
    AND (held_until_ms IS NULL OR held_until_ms <= ?)`
// The end of a hold names its holder: instances need no names of their own.
const CHANGE = 'UPDATE payments SET held_until_ms = ? WHERE proof_key = ? AND held_until_ms = ?'

/**
 * Answers that leave on a connection of this process. Each is held in its payment's row, so that no other instance
 * gives it to a copy meanwhile. A hold ends with its connection; that of a process that died ends by itself. The clocks
 * of the instances agree to much less than a hold.
 */
export class AnswerHolds {
  readonly #database: Pick<Database, 'transact'>
  readonly #now: () => number
  readonly #held = new Map<string, Hold>()
  readonly #ending = new Map<string, Promise<void>>()
  #extending: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param now unix milliseconds */
  constructor(database: Pick<Database, 'transact'>, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** When a hold that begins now ends, unix milliseconds. */
  endOfNew(): number {
    return this.#now() + HOLD_MS
  }

  /** Adds a hold that a capture has written. */
  add(proofKey: string, untilMs: number): void {
    this.#held.set(proofKey, { responses: 1, untilMs })
    this.#schedule()
  }

  /**
   * Holds a captured answer for one more response of this process.
   * @returns false if it was delivered, or another process holds it
   * @throws DatabaseUnavailable
   */
  async take(proofKey: string): Promise<boolean> {
    await this.#ending.get(proofKey)
    const held = this.#held.get(proofKey)
    if (held !== undefined) {
      held.responses += 1
      return true
    }
    const untilMs = this.endOfNew()
    const changed = await this.#database.transact(() => change(TAKE, untilMs, proofKey, this.#now()))
    if (changed > 0) this.add(proofKey, untilMs)
    return changed > 0
  }

  /** @param untilMs of the payment's row */
  isElsewhere(proofKey: string, untilMs: number | null): boolean {
    return untilMs !== null && untilMs > this.#now() && !this.#held.has(proofKey) && !this.#ending.has(proofKey)
  }

  /** True once a hold of this process has outlasted its row's: another process may hold the answer by now. */
  isLost(proofKey: string): boolean {
    const held = this.#held.get(proofKey)
    return held !== undefined && held.untilMs <= this.#now()
  }

  /** The answer has left completely. */
  end(proofKey: string): void {
    this.#held.delete(proofKey)
  }

  /** A response ended without the whole answer: once none is left, any process may hold it. */
  release(proofKey: string): void {
    const held = this.#held.get(proofKey)
    if (held === undefined) return
    held.responses -= 1
    if (held.responses > 0) return
    this.#held.delete(proofKey)
    const ended = this.#letGo(proofKey, held).finally(() => this.#ending.delete(proofKey))
    this.#ending.set(proofKey, ended)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await Promise.all(this.#ending.values())
  }

  async #letGo(proofKey: string, held: Hold): Promise<void> {
    await this.#extending
    // A hold that cannot be given up ends by itself.
    await this.#database.transact(() => change(CHANGE, null, proofKey, held.untilMs)).catch(() => {})
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#extending = this.#extend().finally(() => {
        this.#extending = undefined
        this.#timer = undefined
        if (this.#held.size > 0) this.#schedule()
      })
    }, EXTEND_EVERY_MS).unref()
  }

  /** Extends the holds whose connections are still open. */
  async #extend(): Promise<void> {
    const untilMs = this.endOfNew()
    const held = [...this.#held].filter(([, hold]) => untilMs - hold.untilMs >= EXTEND_EVERY_MS)
    if (held.length === 0) return
    const isExtended = await this.#database.transact(() => extend(held, untilMs)).catch(() => undefined)
    for (const [index, [, hold]] of held.entries()) if (isExtended) hold.untilMs = isExtended[index] ? untilMs : 0
  }
}

function* extend(held: readonly (readonly [string, Hold])[], untilMs: number): Script<boolean[]> {
  const isExtended: boolean[] = []
  for (const [proofKey, hold] of held) isExtended.push((yield* change(CHANGE, untilMs, proofKey, hold.untilMs)) > 0)
  return isExtended
}
