import { fetchText } from '../../patient-fetch.ts'
import { serviceUrl } from '../../service-url.ts'
import type { Offer, Problem, Proof } from './offer.ts'

export interface Answer {
  readonly workout_id?: string
  readonly revision_id?: string
  readonly results: Results
  readonly notes: readonly { readonly code: string; readonly message: string }[]
  readonly model: { readonly version: string }
}

export interface Figure {
  readonly value: number
  readonly unit: string
  readonly uncertainty: number
}

export interface Results {
  readonly session: {
    readonly duration_seconds: number
    readonly active_duration_seconds: number
    readonly rest_duration_seconds: number
    readonly unattributed_duration_seconds: number
    readonly total_work: Figure
    readonly average_power_elapsed: Figure
    readonly average_power_active: Figure
  }
  readonly splits: readonly {
    readonly index: number
    readonly label?: string
    readonly duration_seconds: number
    readonly average_power: Figure
    readonly total_work: Figure
  }[]
  readonly summary: { readonly dropoff: Figure; readonly consistency: Figure }
  readonly movement_rollups: readonly {
    readonly movement: string
    readonly reps: number
    readonly work: Figure
    readonly work_share: Figure
  }[]
}

/** What came back from a paid route. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly text: string; readonly receipt: string | undefined }
  | { readonly kind: 'offer'; readonly offer: Offer }
  | { readonly kind: 'later'; readonly afterSeconds: number; readonly problem: Problem }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** A request to a paid route, with a proof or without one. Throws where no answer arrives. */
export async function ask(path: string, body: string, proof: Proof = {}): Promise<Outcome> {
  const { ok, status, headers, text } = await fetchText(serviceUrl(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-poweroracle-agent': 'try-page', ...proof },
    body
  })
  if (ok)
    return {
      kind: 'answer',
      answer: JSON.parse(text),
      text,
      receipt: headers.get('payment-response') ?? undefined
    }
  const document = problemIn(text, status)
  if (status === 402) return { kind: 'offer', offer: document as unknown as Offer }
  const wait = Number(headers.get('retry-after'))
  if (wait > 0) return { kind: 'later', afterSeconds: wait, problem: document }
  return { kind: 'problem', problem: document }
}

/** The problem document of an answer, or one made for an answer that has none. */
export function problemIn(text: string, status: number): Problem {
  try {
    const document = JSON.parse(text) as Problem
    if (typeof document.detail === 'string') return document
  } catch {
    // A proxy answered.
  }
  return { status, code: 'unknown', detail: `The service answered ${status}.` }
}
