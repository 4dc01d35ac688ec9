/**
 * Builds LND and btcd for the regtest runs, from the two pinned Go modules under `nodes/`, into a cache folder outside
 * the repository. Two modules, because LND 0.20 imports packages that btcd 0.26 no longer has.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

// `lowscrypt` makes wallet creation cheap; it is for tests only.
const LND_TAGS = 'signrpc walletrpc chainrpc invoicesrpc routerrpc peersrpc lowscrypt'
const MODULES = join(import.meta.dirname, 'nodes')
const NODES = [
  { name: 'btcd', pkg: 'github.com/btcsuite/btcd', tags: '' },
  { name: 'lnd', pkg: 'github.com/lightningnetwork/lnd/cmd/lnd', tags: LND_TAGS }
] as const

/** The folder that holds `lnd` and `btcd`: its name follows from everything that decides what is built. */
export function nodesFolder(): string {
  const digest = createHash('sha256')
  for (const { name, tags } of NODES) {
    digest.update(`${name} ${tags}\n`)
    for (const file of ['go.mod', 'go.sum']) digest.update(readFileSync(join(MODULES, name, file)))
  }
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'power-oracle', 'regtest', digest.digest('hex').slice(0, 16))
}

/** Builds the two programs unless they are there; returns their folder. Throws with the compiler's output on failure. */
export function buildNodes(say: (line: string) => void): string {
  const folder = nodesFolder()
  if (existsSync(folder)) {
    say(`regtest nodes are there: ${folder}`)
    return folder
  }
  const staging = `${folder}.${process.pid}`
  mkdirSync(staging, { recursive: true })
  try {
    for (const node of NODES) buildOne(node, staging, say)
    placeWhole(staging, folder)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
  say(`regtest nodes built: ${folder}`)
  return folder
}

function buildOne(node: (typeof NODES)[number], staging: string, say: (line: string) => void): void {
  say(`building ${node.name} with go (the first time this takes minutes) ...`)
  const started = performance.now()
  const output = join(staging, node.name)
  const args = ['build', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w', `-tags=${node.tags}`]
  const run = spawnSync('go', [...args, '-o', output, node.pkg], {
    cwd: join(MODULES, node.name),
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit']
  })
  if (run.error) throw new Error(`go could not be started (Go 1.25 or newer is needed): ${run.error.message}`)
  if (run.status !== 0) throw new Error(`go build ${node.pkg} failed (${run.status ?? run.signal})`)
  const seconds = Math.round((performance.now() - started) / 1000)
  say(`${node.name}: ${seconds} s, ${Math.round(statSync(output).size / 1e6)} MB`)
}

/** One rename, so that the folder is whole or absent; a second builder that was first is no failure. */
function placeWhole(staging: string, folder: string): void {
  try {
    renameSync(staging, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}

if (process.argv[1] === import.meta.filename) buildNodes((line) => console.log(line))
