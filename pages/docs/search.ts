import { serviceUrl } from '../service-url.ts'
import { matches, searchKey } from './search-key.ts'

type Entry = readonly [words: string, href: string, kind: string]

const MOST_SHOWN = 12

/** A search over routes, problems, movements and types; its index is loaded with the first letter. */
export function addSearch(): void {
  const input = document.querySelector<HTMLInputElement>('#search')
  const list = document.querySelector<HTMLUListElement>('#found')
  if (input === null || list === null) return
  input.closest('search')?.removeAttribute('hidden')
  let index: Promise<(readonly [key: string, entry: Entry])[]> | undefined
  input.addEventListener('input', async () => {
    index ??= loadIndex()
    const question = input.value.trim()
    const entries = await index
    if (question !== input.value.trim()) return
    const found = question === '' ? [] : entries.filter(([key]) => matches(key, question)).slice(0, MOST_SHOWN)
    list.replaceChildren(
      ...(question !== '' && found.length === 0 ? [nothing()] : found.map(([, entry]) => item(entry)))
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

async function loadIndex(): Promise<(readonly [string, Entry])[]> {
  const response = await fetch(serviceUrl('/docs/search.json'))
  const entries = response.ok ? ((await response.json()) as Entry[]) : []
  return entries.map((entry) => [searchKey(entry[0]), entry] as const)
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

function nothing(): HTMLLIElement {
  const line = document.createElement('li')
  line.textContent = 'Nothing has these words.'
  return line
}
