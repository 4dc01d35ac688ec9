/** The commands of docs/operations.md, run as they stand there. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from '../runner/joined.ts'

/** What the operator reads. */
export const OPERATIONS = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')

const BLOCK = /^( *)```sh\n([\s\S]*?)^ *```/gm

/**
 * Blocks of commands of one section, in their order.
 * @throws Error if there is no such section
 */
export function commandsOf(heading: string): string[] {
  const start = OPERATIONS.indexOf(`\n## ${heading}\n`)
  if (start < 0) throw new Error(`docs/operations.md has no section ${heading}`)
  const section = OPERATIONS.slice(start, OPERATIONS.indexOf('\n## ', start + 1))
  return [...section.matchAll(BLOCK)].map(([, indent = '', commands = '']) =>
    commands.replace(new RegExp(`^${indent}`, 'gm'), '')
  )
}

/** Runs a block of commands. @throws Error with its output if it fails */
export function runCommands(commands: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return ran(['sh', '-ec', commands], cwd, env)
}

/** Runs a program. @throws Error with its output if it fails */
export async function ran([command, ...args]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(command!, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${out}${err}`)
  return out
}
