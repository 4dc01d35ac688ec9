import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundlePages, type PagesBundle } from './bundle-pages.ts'

/** Beside the joined program: what `build.ts` wrote there. */
const BUILT = new URL('./pages/', import.meta.url)
const ENTRIES = 'entries.json'
/** The sources, seen from the sources of this program and from what `tsc` writes. */
const SOURCES = ['../../../pages/', '../../../../pages/'].map((place) => new URL(place, import.meta.url))

/**
 * Finds what browsers load: beside a program that was built, else made from the sources when it is first asked for.
 * @throws Error where neither is there
 */
export function openBundle(): () => Promise<PagesBundle> {
  if (existsSync(new URL(ENTRIES, BUILT))) {
    const bundle = builtBundle()
    return async () => bundle
  }
  const sources = SOURCES.find((url) => existsSync(new URL('tsconfig.json', url)))
  if (sources === undefined) throw new Error('the pages are neither built nor there as sources')
  let bundle: Promise<PagesBundle> | undefined
  return () => {
    bundle ??= bundlePages(fileURLToPath(sources))
    return bundle
  }
}

function builtBundle(): PagesBundle {
  const names = readdirSync(BUILT).filter((name) => name !== ENTRIES)
  return {
    entries: JSON.parse(readFileSync(new URL(ENTRIES, BUILT), 'utf8')),
    files: new Map(names.map((name) => [name, readFileSync(new URL(name, BUILT))]))
  }
}
