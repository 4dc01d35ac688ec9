import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'

/** The browser's entry points by name: the scripts, and the stylesheet of all pages. */
const ENTRIES = { 'try.js': 'try/try.tsx', 'docs.js': 'docs/docs.ts', 'site.css': 'style/site.css' } as const
export type EntryName = keyof typeof ENTRIES

/** Scripts and stylesheets as browsers load them; a file's name changes with its content. */
export interface PagesBundle {
  readonly entries: Readonly<Record<EntryName, string>>
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * Bundles the browser's programs. Rarely needed parts (the QR code, the development wallet) become separate files,
 * loaded on demand.
 * @param folder of the sources, `pages`
 */
export async function bundlePages(folder: string): Promise<PagesBundle> {
  const { build } = await import('esbuild')
  const options = {
    absWorkingDir: folder,
    entryPoints: Object.values(ENTRIES),
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    outdir: '/assets',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome115', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    write: false,
    metafile: true,
    tsconfigRaw: {},
    legalComments: 'none',
    logLevel: 'warning'
  } as const satisfies BuildOptions
  const { outputFiles, metafile } = await build(options)
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]))
  const nameOf = (source: string) => {
    const output = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source)
    if (output === undefined) throw new Error(`${join(folder, source)} was not bundled`)
    return basename(output[0])
  }
  const entries = Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [name, nameOf(source)]))
  return { entries: entries as PagesBundle['entries'], files }
}

/** Beside the joined program: what `build.ts` wrote there. */
const BUILT = new URL('./pages/', import.meta.url)
const ENTRIES_FILE = 'entries.json'
/** The sources, seen from the sources of this program and from what `tsc` writes. */
const SOURCES = ['../../../pages/', '../../../../pages/'].map((place) => new URL(place, import.meta.url))

/**
 * Finds what browsers load: beside a program that was built, else made from the sources when it is first asked for.
 * @throws Error where neither is there
 */
export function openBundle(): () => Promise<PagesBundle> {
  if (existsSync(new URL(ENTRIES_FILE, BUILT))) {
    const bundle = builtBundle()
    return async () => bundle
  }
  const sources = SOURCES.find((url) => existsSync(new URL('tsconfig.json', url)))
  if (sources === undefined) throw new Error('the pages are neither built nor available as sources')
  let bundle: Promise<PagesBundle> | undefined
  return () => {
    bundle ??= bundlePages(fileURLToPath(sources))
    return bundle
  }
}

function builtBundle(): PagesBundle {
  const names = readdirSync(BUILT).filter((name) => name !== ENTRIES_FILE)
  return {
    entries: JSON.parse(readFileSync(new URL(ENTRIES_FILE, BUILT), 'utf8')),
    files: new Map(names.map((name) => [name, readFileSync(new URL(name, BUILT))]))
  }
}
