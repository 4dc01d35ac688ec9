const CHOICE = 'power-oracle.language'

/** Turns samples in several languages into tabs (WAI-ARIA); the language chosen last holds for every page. */
export function addTabs(): void {
  const groups = [...document.querySelectorAll<HTMLElement>('.tabs')].map(makeTabs)
  const choose = (language: string) => {
    for (const show of groups) show(language)
  }
  document.addEventListener('choose-language', (event) => {
    const language = (event as CustomEvent<string>).detail
    keep(language)
    choose(language)
  })
  const kept = readChoice()
  if (kept !== null) choose(kept)
}

function makeTabs(group: HTMLElement, number: number): (language: string) => void {
  const panels = [...group.querySelectorAll<HTMLElement>('.tab')]
  const list = document.createElement('div')
  list.setAttribute('role', 'tablist')
  list.setAttribute('aria-label', group.dataset.tabs ?? 'Languages')
  const tabs = panels.map((panel, index) => {
    const tab = document.createElement('button')
    tab.type = 'button'
    tab.id = `tab-${number}-${index}`
    tab.textContent = panel.dataset.language ?? ''
    tab.setAttribute('role', 'tab')
    panel.id = `panel-${number}-${index}`
    tab.setAttribute('aria-controls', panel.id)
    panel.setAttribute('role', 'tabpanel')
    panel.setAttribute('aria-labelledby', tab.id)
    panel.querySelector('.language')?.remove()
    tab.addEventListener('click', () => announce(tab.textContent ?? ''))
    return tab
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    next?.focus()
    next?.click()
  })
  list.append(...tabs)
  group.prepend(list)
  const show = (language: string) => {
    if (!panels.some((panel) => panel.dataset.language === language)) return
    panels.forEach((panel, index) => {
      const isChosen = panel.dataset.language === language
      panel.hidden = !isChosen
      tabs[index]?.setAttribute('aria-selected', String(isChosen))
      tabs[index]?.setAttribute('tabindex', isChosen ? '0' : '-1')
    })
  }
  show(panels[0]?.dataset.language ?? '')
  return show
}

function announce(language: string): void {
  document.dispatchEvent(new CustomEvent('choose-language', { detail: language }))
}

function keep(language: string): void {
  try {
    localStorage.setItem(CHOICE, language)
  } catch {
    // Without storage the choice holds for this page.
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(CHOICE)
  } catch {
    return null
  }
}
