import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'

/** The mnemonic of all Ethereum development tools. Its keys protect nothing. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk'

const START_LIMIT_MS = 10_000
/** Without blocks the chain's clock stops, and an expired payment would never be known as expired. */
const BLOCK_SECONDS = 12

/**
 * Starts anvil and waits until its own input closes, which happens however this process ends (including SIGKILL). Only
 * anvil keeps the output open, so that its end is visible there. It stays unreaped until then, so that its process id
 * is not reused.
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
  // Old states are dropped, otherwise they fill the home directory; newer hardforks keep every block's hash as state.
  ...['--prune-history', '16', '--hardfork', 'cancun']
]

export interface Anvil {
  readonly rpcUrl: string
  /** Settles when the chain has ended, for any reason. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** This platform cannot run a development chain. The message states the reason. */
export class NoAnvil extends Error {
  override readonly name = 'NoAnvil'
}

/** @throws NoAnvil if the platform has none */
export function findAnvil(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json')
    return join(dirname(manifest), 'bin', 'anvil')
  } catch {
    throw new NoAnvil(`no anvil is available for ${process.platform}-${process.arch} (@foundry-rs/anvil-linux-amd64)`)
  }
}

/**
 * Starts a chain on a free loopback port; it mines each transaction at once. It ends with this process and does not
 * keep it alive.
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

/** The port that anvil prints; later output is discarded, because it contains keys. */
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
