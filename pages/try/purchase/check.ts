import { useEffect, useState } from 'preact/hooks'
import { busyWords, fetchPatiently } from '../../patient-fetch.ts'
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

/** Delay after the last keystroke before a workout is checked. */
const PAUSE_MS = 350

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
      const onWait = (seconds: number) => setCheck({ kind: 'unknown', message: busyWords(seconds) })
      checked(body, aborter.signal, onWait).then(setCheck, () => {
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

async function checked(body: string, signal: AbortSignal, onWait: (seconds: number) => void): Promise<Check> {
  const headers = { 'content-type': 'application/json' }
  const { ok, status, text } = await fetchPatiently(
    serviceUrl('/v1/validate'),
    { method: 'POST', headers, body, signal },
    onWait
  )
  if (ok) return { kind: 'good', notes: (JSON.parse(text) as { notes: Note[] }).notes }
  const problem = problemIn(text, status)
  if (status === 400 || status === 422) return { kind: 'bad', problem }
  return { kind: 'unknown', message: problem.detail }
}
