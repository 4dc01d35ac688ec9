/** Python with PyPI x402, where there can be one. */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const made = spawnSync('sh', [join(import.meta.dirname, 'make-python.sh')], { encoding: 'utf8' })

/** Of the interpreter. */
export const python = made.stdout.trim()
/** For tap's `skip`: the reason where there is none. */
export const noPython: string | false = made.status === 0 ? false : made.stderr.trim() || 'there is no sh'

/** Runs a program to its end. @throws Error with what it said, where that was no good one */
export async function run(command: string, args: readonly string[], input = '', env = {}): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  child.stdin.end(input)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)))
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors.slice(-2000)}`)
  return output
}
