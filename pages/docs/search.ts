import { busyWords, fetchPatiently } from '../patient-fetch.ts'
import { serviceUrl } from '../service-url.ts'
import { matches, searchKey } from './search-key.ts'

type Entry = readonly [words: string, href: string, kind: string]
type Index = readonly (readonly [key: string, entry: Entry])[]

const MOST_SHOWN = 12

/** A search over routes, problems, movements and types; its index is loaded with the first letter. */
export function addSearch(): void {
  const input = document.querySelector<HTMLInputElement>('#search')
  const list = document.querySelector<HTMLUListElement>('#found')
  if (input === null || list === null) return
  input.closest('search')?.removeAttribute('hidden')
  let index: Promise<Index | undefined> | undefined
  const say = (words: string) => list.replaceChildren(message(words))
  input.addEventListener('input', async () => {
    index ??= loadIndex((seconds) => say(busyWords(seconds)))
    const question = input.value.trim()
    const entries = await index
    if (question !== input.value.trim()) return
    if (entries === undefined) {
      index = undefined
      return say('The search could not be loaded. Type on to try again.')
    }
    const found = question === '' ? [] : entries.filter(([key]) => matches(key, question)).slice(0, MOST_SHOWN)
    list.replaceChildren(
      ...(question !== '' && found.length === 0
        ? [message('Nothing has these words.')]
        : found.map(([, entry]) => item(entry)))
    )
  })
  document.addEventListener('keydown', (event) => {
    const { target } = event
    const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select')
    if (event.key !== '/' || isTyping) return
    event.preventDefault()
    input.closest('details')?.setAttribute('open', '')
    input.focus()
  })
}

/** Undefined where it could not be loaded. */
async function loadIndex(onWait: (seconds: number) => void): Promise<Index | undefined> {
  try {
    const { ok, text } = await fetchPatiently(serviceUrl('/docs/search.json'), {}, onWait)
    if (!ok) return undefined
    return (JSON.parse(text) as Entry[]).map((entry) => [searchKey(entry[0]), entry] as const)
  } catch {
    return undefined
  }
}

function item([words, href, kind]: Entry): HTMLLIElement {
  const line = document.createElement('li')
  const link = document.createElement('a')
  link.href = serviceUrl(href)
  link.textContent = words.length > 70 ? `${words.slice(0, 69)}…` : words
  const label = document.createElement('small')
  label.textContent = ` ${kind}`
  line.append(link, label)
  return line
}

function message(words: string): HTMLLIElement {
  const line = document.createElement('li')
  line.textContent = words
  return line
}
