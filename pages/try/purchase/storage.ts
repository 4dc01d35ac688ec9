/** The browser's storage; without one (a private window) the data lasts as long as the page. */
const memory = new Map<string, string>()

export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value)
  try {
    localStorage.setItem(`power-oracle.${name}`, text)
  } catch {
    memory.set(name, text)
  }
}

export function kept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(`power-oracle.${name}`) ?? memory.get(name)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

export function forget(name: string): void {
  memory.delete(name)
  try {
    localStorage.removeItem(`power-oracle.${name}`)
  } catch {
    // Nothing was stored.
  }
}
