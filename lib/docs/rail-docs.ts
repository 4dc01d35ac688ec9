import type { Sample } from './html/code.ts'
import type { Html } from './html/html.ts'
import type { ProblemGuide } from './problems/problem-guide.ts'

/** A page of prose with samples. */
export interface Guide {
  readonly title: string
  readonly description: string
  readonly body: Html
}

/** The service that a sample buys from. */
export interface SampleService {
  /** Without a trailing slash. */
  readonly publicUrl: string
  /** Whether the rail has a wallet with play money in this process; otherwise a sample uses the reader's own. */
  readonly hasDevelopmentWallet: boolean
}

/** The documentation of a rail, written in the rail's own folder. Pages and texts that name the rails are made from it. */
export interface RailDocs {
  /** As in `Rail`. */
  readonly name: string
  /** As headings and links have it: `L402: over Lightning`. */
  readonly title: string
  /** How one pays, in a sentence: `over Lightning (L402)`. */
  readonly way: string
  /** The page at `/docs/guides/<name>`. */
  readonly guide: (service: SampleService) => Guide
  /**
   * Complete programs that buy an answer.
   * @param workout the body of the request, as JSON
   */
  readonly samples: (service: SampleService, workout: string) => readonly Sample[]
  /** A 402 and its retry on the wire, shortened, and what to know about them. */
  readonly example: { readonly words: string; readonly lines: string }
  /** For programs that buy by themselves, as sentences. */
  readonly agents: {
    /** Where a 402 has the offer, and how it is paid. */
    readonly payment: string
    /** The headers of the retry: `Authorization: L402 <macaroon>:<preimage>`. */
    readonly proof: string
    /** Expiry and retries. */
    readonly rules: readonly string[]
  }
  /** Why this rail rejects a proof: its codes of `reason` in a 402. */
  readonly reasons: readonly ProblemGuide[]
}
