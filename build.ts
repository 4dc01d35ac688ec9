import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { JOINED, LEFT_OUTSIDE } from './build-options.ts'
import { bundlePages } from './lib/docs/html/pages-bundle.ts'

/** Beside what stays outside for tests: what only the rail in dollars loads. */
const external = [...LEFT_OUTSIDE, '@x402/*', 'viem']

/**
 * Joins the service and the packages that every start needs into few files: reading hundreds of them is most of a
 * start. What only some configurations load stays outside and loads when it is needed.
 */
await build({
  ...JOINED,
  entryPoints: ['server.ts'],
  outdir: 'dist/bundle',
  external
})

// Beside it, for operators: where the service runs, there are its books.
await build({
  ...JOINED,
  entryPoints: ['commands/athletes.ts', 'commands/ledger.ts'],
  outdir: 'dist/bundle/commands',
  external
})

// What browsers load, beside the program that serves it.
const PAGES = 'dist/bundle/pages'
const { entries, files } = await bundlePages(join(import.meta.dirname, 'pages'))
await rm(PAGES, { recursive: true, force: true })
await mkdir(PAGES, { recursive: true })
for (const [name, bytes] of files) await writeFile(join(PAGES, name), bytes)
await writeFile(join(PAGES, 'entries.json'), JSON.stringify(entries))
