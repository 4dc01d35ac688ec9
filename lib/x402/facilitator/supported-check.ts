import type { SupportedResponse } from '@x402/core/types'
import type { Terms } from '../settler.ts'

const FIRST_RETRY_MS = 5000
const MAX_RETRY_MS = 300_000

/** Parts of the check. */
export interface SupportedCheckParts {
  readonly getSupported: () => Promise<Pick<SupportedResponse, 'kinds'>>
  readonly network: Terms['network']
  readonly logger: { warn(fields: object, message: string): void }
}

/**
 * Checks whether the facilitator settles on the configured network. An unreachable one is not a wrong setting: the
 * check is retried in the background, after 5 s and then at growing intervals, until it responds.
 */
export class SupportedCheck {
  readonly #parts: SupportedCheckParts
  #timer: NodeJS.Timeout | undefined
  #retryMs = FIRST_RETRY_MS
  #problem: string | undefined
  #closed = false

  constructor(parts: SupportedCheckParts) {
    this.#parts = parts
  }

  /** The wrong setting, if known. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** @returns one line per wrong setting; none if all are correct or the check has no response yet */
  async start(): Promise<readonly string[]> {
    await this.#ask()
    return this.#problem === undefined ? [] : [this.#problem]
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    const { getSupported, network, logger } = this.#parts
    try {
      const { kinds } = await getSupported()
      if (!kinds.some((kind) => isOurs(kind, network)))
        this.#problem = `X402_FACILITATOR_URL: the facilitator does not list x402 version 2, exact, on ${network}`
    } catch (error) {
      if (this.#closed) return
      logger.warn(
        { reason: (error as Error).message, retryMs: this.#retryMs },
        'the facilitator does not report what it supports'
      )
      this.#timer = setTimeout(() => void this.#askLate(), this.#retryMs).unref()
      this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
    }
  }

  async #askLate(): Promise<void> {
    await this.#ask()
    if (this.#problem !== undefined) this.#parts.logger.warn({ problem: this.#problem }, 'payments cannot be settled')
  }
}

/** Networks may be listed individually or as a whole family. */
function isOurs(kind: SupportedResponse['kinds'][number], network: string): boolean {
  return kind.x402Version === 2 && kind.scheme === 'exact' && (kind.network === network || kind.network === 'eip155:*')
}
