import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { JOINED, LEFT_OUTSIDE } from './build-options.ts'
import { bundlePages } from './lib/docs/html/pages-bundle.ts'

/** Beside what stays outside for tests: what only the rail in dollars loads. */
const external = [...LEFT_OUTSIDE, '@x402/*', 'viem']

/**
 * Bundles the service and the packages of every start into few files: reading hundreds of files is most of a start.
 * Packages of only some configurations stay outside and load on demand.
 */
await build({
  ...JOINED,
  entryPoints: ['server.ts'],
  outdir: 'dist/bundle',
  external
})

// The operators' commands, which need the service's database.
await build({
  ...JOINED,
  entryPoints: ['commands/athletes.ts', 'commands/ledger.ts'],
  outdir: 'dist/bundle/commands',
  external
})

// The browser's files, beside the program that serves them.
const PAGES = 'dist/bundle/pages'
const { entries, files } = await bundlePages(join(import.meta.dirname, 'pages'))
await rm(PAGES, { recursive: true, force: true })
await mkdir(PAGES, { recursive: true })
for (const [name, bytes] of files) await writeFile(join(PAGES, name), bytes)
await writeFile(join(PAGES, 'entries.json'), JSON.stringify(entries))
