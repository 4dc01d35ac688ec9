import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import t from 'tap'
import { JOINED_FOR_TESTS, ROOT } from '../runner/joined.ts'

/** Starts Node as an operator does: tap would add its hooks to every process, which slows the start. */
export const NODE = ['env', '-u', 'NODE_OPTIONS', process.execPath] as const

/** For tap's `skip`: the reason if the system lacks a program. */
export function missing(command: string, flag = '--version'): string | false {
  return spawnSync(command, [flag]).status === 0 ? false : `there is no ${command}`
}

/**
 * Joins a program of this repository and its packages into few files, for the test file that asks, which asks once. It
 * starts in a fraction of the time that it takes to translate it at every start, and a test starts it often.
 * @param source its path from the root
 * @returns the command that starts it
 */
export function programOf(source: string): readonly [string, ...string[]] {
  const outdir = t.testdir()
  buildSync({ ...JOINED_FOR_TESTS, entryPoints: [join(ROOT, source)], outdir })
  return [...NODE, join(outdir, basename(source).replace(/ts$/, 'mjs'))]
}
