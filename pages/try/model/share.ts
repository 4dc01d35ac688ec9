import { serviceUrl } from '../../service-url.ts'
import { type Draft, EMPTY_DRAFT, type Line, type Typed } from './draft.ts'

const START = '#w='

/** A link that opens this page with a workout. It has nothing of the athlete: no height, no mass, no UUID. */
export function shareLink(draft: Draft): string {
  const shared = { ...draft, lines: draft.lines.map(withoutQuestions) }
  const bytes = new TextEncoder().encode(JSON.stringify(shared))
  const text = btoa(String.fromCharCode(...bytes))
  return `${serviceUrl('/')}${START}${text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** The workout of a link; undefined without a valid one. */
export function sharedDraft(hash: string): Draft | undefined {
  if (!hash.startsWith(START)) return undefined
  try {
    const text = atob(hash.slice(START.length).replaceAll('-', '+').replaceAll('_', '/'))
    const draft = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)))
    ) as Draft
    const whole = { ...EMPTY_DRAFT, ...draft }
    if (!isDraft(whole)) return undefined
    return { ...whole, lines: whole.lines.map(withoutQuestions) }
  } catch {
    return undefined
  }
}

/** Links are untrusted: everything that the form reads must be present. */
function isDraft(draft: Draft): boolean {
  const texts = [
    draft.title,
    draft.time,
    draft.rounds,
    draft.roundTimes,
    draft.rest,
    draft.interval,
    draft.intervals,
    draft.working
  ]
  const areLines = Array.isArray(draft.lines) && draft.lines.length <= 50
  return (
    ['for_time', 'amrap', 'emom'].includes(draft.format) &&
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(draft.labels) &&
    draft.labels.every((label) => typeof label === 'string') &&
    areLines &&
    draft.lines.every(
      ({ id, movement, reps, extra, inputs }) =>
        typeof id === 'number' &&
        [movement, reps, extra].every((text) => typeof text === 'string') &&
        typeof inputs === 'object' &&
        inputs !== null &&
        Object.values(inputs as Record<string, Partial<Typed> | undefined>).every(
          (typed) => typeof typed?.value === 'string' && typeof typed.unit === 'string'
        )
    )
  )
}

/** Nobody who follows a link wrote the whiteboard that the questions are about. */
function withoutQuestions({ remark: _, alternatives: __, pairLoad: ___, ...line }: Line): Line {
  return line
}
