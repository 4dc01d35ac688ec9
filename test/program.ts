import { join } from 'node:path'
import { buildSync } from 'esbuild'
import t from 'tap'

const ROOT = join(import.meta.dirname, '..')

/**
 * Joins a program of this repository into one file, for the test file that asks, which asks once. It starts in half
 * the time that it takes to translate it at every start, and a test starts it often.
 * @param source its path from the root
 * @returns what `process.execPath` takes
 */
export function programOf(source: string): string {
  const outfile = join(t.testdir(), 'program.mjs')
  buildSync({
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline'
  })
  return outfile
}
