import { readFileSync } from 'node:fs'

/** Relative to the sources, to `tsc`'s output, and to the bundle. */
const PLACES = ['../../package.json', '../../../package.json']

/** The version of this package. Throws without its package.json. */
export function packageVersion(): string {
  for (const place of PLACES) {
    const { name, version } = readPackage(new URL(place, import.meta.url))
    if (name === 'power-oracle' && version !== undefined) return version
  }
  throw new Error('package.json of power-oracle is missing')
}

function readPackage(url: URL): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(url, 'utf8'))
  } catch {
    return {}
  }
}
