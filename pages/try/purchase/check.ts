import { useEffect, useState } from 'preact/hooks'
import { serviceUrl } from '../../service-url.ts'
import type { Problem } from './offer.ts'
import { problemIn } from './service.ts'

export interface Note {
  readonly code: string
  readonly message: string
}

export type Check =
  | { readonly kind: 'none' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'good'; readonly notes: readonly Note[] }
  | { readonly kind: 'bad'; readonly problem: Problem }
  | { readonly kind: 'unknown'; readonly message: string }

/** Typing goes on for so long before a workout is checked. */
const PAUSE_MS = 350
const MOST_ATTEMPTS = 5

/** The free check of a workout while it is being written; no offer is made by it. */
export function useCheck(body: string | undefined): Check {
  const [check, setCheck] = useState<Check>({ kind: 'none' })
  useEffect(() => {
    if (body === undefined) {
      setCheck({ kind: 'none' })
      return
    }
    setCheck({ kind: 'checking' })
    const aborter = new AbortController()
    const timer = setTimeout(() => {
      checked(body, aborter.signal).then(setCheck, () => {
        if (!aborter.signal.aborted) setCheck({ kind: 'unknown', message: 'The service does not answer.' })
      })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      aborter.abort()
    }
  }, [body])
  return check
}

async function checked(body: string, signal: AbortSignal): Promise<Check> {
  const headers = { 'content-type': 'application/json' }
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(serviceUrl('/v1/validate'), { method: 'POST', headers, body, signal })
    const text = await response.text()
    if (response.ok) return { kind: 'good', notes: (JSON.parse(text) as { notes: Note[] }).notes }
    const problem = problemIn(text, response.status)
    if (response.status === 400 || response.status === 422) return { kind: 'bad', problem }
    const waitSeconds = Number(response.headers.get('retry-after'))
    if (!(waitSeconds > 0) || attempt === MOST_ATTEMPTS) return { kind: 'unknown', message: problem.detail }
    // A busy service says when to come back.
    await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000))
    signal.throwIfAborted()
  }
}
