import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'

/** The mnemonic that every Ethereum development tool knows. Its keys guard nothing. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk'

const START_LIMIT_MS = 10_000
/** Without blocks the chain's clock stands still, and an expired payment would never be known to be dead. */
const BLOCK_SECONDS = 12

/**
 * Starts anvil and waits until its own input closes, which happens however this process ends (SIGKILL included). Only
 * anvil keeps the output open, so that its end shows there. It stays unreaped until then, so that its id is still its own.
 */
const GUARD = `
"$@" </dev/null &
pid=$!
exec >/dev/null
trap '' INT TERM HUP
while read -r line; do :; done
kill -KILL "$pid"
`

const FLAGS = [
  ...['--host', '127.0.0.1', '--port', '0', '--chain-id', '31337', '--mnemonic', DEVELOPMENT_MNEMONIC],
  ...['--block-time', String(BLOCK_SECONDS), '--mixed-mining', '--no-cors'],
  // Old states are dropped, else they fill the home directory; newer rules keep every block's hash as state.
  ...['--prune-history', '16', '--hardfork', 'cancun']
]

export interface Anvil {
  readonly rpcUrl: string
  /** Settles when the chain has ended, asked to or not. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** No development chain can run here. The message says why, in plain words. */
export class NoAnvil extends Error {
  override readonly name = 'NoAnvil'
}

/** @throws NoAnvil where the platform has none */
export function findAnvil(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json')
    return join(dirname(manifest), 'bin', 'anvil')
  } catch {
    throw new NoAnvil(`no anvil is available for ${process.platform}-${process.arch} (@foundry-rs/anvil-linux-amd64)`)
  }
}

/**
 * Starts a chain on a free loopback port; it mines each transaction at once. It does not outlive this process, and does
 * not keep it alive.
 * @throws NoAnvil
 */
export async function startAnvil(): Promise<Anvil> {
  const child = spawn('sh', ['-c', GUARD, 'sh', findAnvil(), ...FLAGS], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore']
  })
  const input = child.stdin as Socket
  const output = child.stdout as Socket
  for (const pipe of [input, output]) pipe.on('error', () => {})
  const ended = new Promise<void>((resolve) => output.once('close', () => resolve()))
  void ended.then(() => input.end())
  const stop = async () => {
    output.ref()
    input.end()
    await ended
  }
  try {
    const rpcUrl = `http://127.0.0.1:${await listeningPort(child, output)}`
    for (const handle of [child, input, output]) handle.unref()
    return { rpcUrl, ended, stop }
  } catch (error) {
    input.end()
    throw error
  }
}

/** The port that anvil tells; what follows is read and dropped. It also prints keys: nothing of it is kept. */
function listeningPort(child: ChildProcess, output: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new NoAnvil(`anvil did not start in ${START_LIMIT_MS} ms`)), START_LIMIT_MS)
    const read = (chunk: Buffer) => {
      said += chunk.toString('latin1')
      const port = /Listening on 127\.0\.0\.1:(\d+)\s/.exec(said)?.[1]
      if (port) settle(() => resolve(port))
    }
    const settle = (act: () => void) => {
      clearTimeout(timer)
      output.off('data', read)
      output.resume()
      act()
    }
    output.on('data', read)
    output.once('close', () => settle(() => reject(new NoAnvil('anvil ended while starting'))))
    child.once('error', () => settle(() => reject(new NoAnvil('no shell is available to start anvil'))))
  })
}
