import { spawnSync } from 'node:child_process'
import { fail } from './fail.ts'

const USAGE = `npm run compose -- pay <invoice> | mine [blocks] | balance | load [seconds] [per second] | status | logs [service…]

  pay      pays an invoice with the payer's LND and prints the preimage
  mine     mines blocks on the regtest chain
  balance  balances of seller and payer: on the chain, in the channel, in development dollars
  load     buys over both rails for a while and prints the outcome of each purchase
  status   the containers, and the status of each component
  logs     follows the logs of every service, or of those named`

const [verb = '', ...words] = process.argv.slice(2)
const compose = findCompose()
if (compose === undefined) fail('neither `docker compose` nor `docker-compose` is installed')
else if (['pay', 'mine', 'balance', 'load'].includes(verb))
  run('exec', '-T', 'regtest', 'node', 'dist/compose/main.mjs', verb, ...words)
else if (verb === 'status') {
  run('ps')
  run(
    'exec',
    '-T',
    'api-1',
    'node',
    '-e',
    "fetch('http://proxy:8080/readyz').then((answer)=>answer.text()).then(console.log)"
  )
} else if (verb === 'logs') run('logs', '--follow', '--tail=100', ...words)
else fail(USAGE)

/** Docker's plug-in, or Debian's separate program. */
function findCompose(): [string, ...string[]] | undefined {
  const candidates: [string, ...string[]][] = [['docker', 'compose'], ['docker-compose']]
  return candidates.find(([program, ...first]) => spawnSync(program, [...first, 'version']).status === 0)
}

/** Runs on this program's terminal; its exit code becomes this program's. */
function run(...args: readonly string[]): void {
  const [program, ...first] = compose!
  const { status } = spawnSync(program, [...first, ...args], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = status ?? 1
}
