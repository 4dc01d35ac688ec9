import { matches, searchKey } from './search-key.ts'

/** Shows the movements whose names, aliases or formula hold every word that is typed. */
export function addMovementFilter(): void {
  const input = document.querySelector<HTMLInputElement>('#filter')
  const output = document.querySelector<HTMLOutputElement>('#filtered')
  if (input === null || output === null) return
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('#movements tbody tr')].map(
    (row) => [row, searchKey(`${row.dataset.names} ${row.textContent}`)] as const
  )
  input.closest('p')?.removeAttribute('hidden')
  const apply = () => {
    let shown = 0
    for (const [row, key] of rows) {
      row.hidden = !matches(key, input.value)
      if (!row.hidden) shown++
    }
    output.textContent = input.value === '' ? '' : `${shown} of ${rows.length}`
  }
  input.addEventListener('input', apply)
  apply()
}
