import { useEffect, useState } from 'preact/hooks'
import { busyWords, fetchPatiently } from '../../patient-fetch.ts'
import { problemIn } from './service.ts'

/** A document of the service on its way: at first neither value nor message, then one of them. */
export interface Loaded<T> {
  readonly value?: T
  /** Why there is no value yet. */
  readonly message?: string
  /** Asks once more; present when the attempts are over. */
  readonly retry?: () => void
}

/**
 * Loads a JSON document when a component is first shown.
 * @param version loads it again when it changes; what was loaded before stays until then
 */
export function useLoaded<T>(url: string, version = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const aborter = new AbortController()
    const { signal } = aborter
    const failed = (message: string) =>
      setLoaded((old) => ({ ...old, message, retry: () => setAttempt((count) => count + 1) }))
    const load = async () => {
      const onWait = (seconds: number) =>
        setLoaded(({ value }) => ({ ...(value && { value }), message: busyWords(seconds) }))
      const { ok, status, text } = await fetchPatiently(url, { signal }, onWait)
      if (signal.aborted) return
      if (ok) setLoaded({ value: JSON.parse(text) as T })
      else failed(problemIn(text, status).detail)
    }
    load().catch(() => {
      if (!signal.aborted) failed('The service does not answer.')
    })
    return () => aborter.abort()
  }, [url, version, attempt])
  return loaded
}
