import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { domainSeparator, toEventSelector, toFunctionSelector } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { callData, SELECTORS, TOPICS } from '../../../lib/x402/chain/abi.ts'
import { DEVELOPMENT_MNEMONIC } from '../../../lib/x402/embedded/anvil.ts'
import { PAY_TO, PAYER, SETTLER } from '../../../lib/x402/embedded/embedded-chain.ts'
import { noAnvil, startTestChain } from '../../support/x402/chain.ts'
import { artifactPath, CONTRACTS, compile } from '../../support/x402/compile-contracts.ts'

/** Far longer than it takes. */
const PATIENCE_MS = 60_000

t.test('the artifacts are what the sources compile to', async (t) => {
  for (const name of CONTRACTS) {
    t.strictSame(JSON.parse(readFileSync(artifactPath(name), 'utf8')), compile(name), name)
  }
})

t.test('selectors, topics and accounts are what they are said to be', async (t) => {
  for (const [signature, selector] of Object.entries(SELECTORS)) t.equal(selector, toFunctionSelector(signature))
  for (const [signature, topic] of Object.entries(TOPICS)) t.equal(topic, toEventSelector(signature))
  const account = (addressIndex: number) => mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex })
  const key = (addressIndex: number) => Buffer.from(account(addressIndex).getHdKey().privateKey!).toString('hex')
  t.equal(account(0).address.toLowerCase(), SETTLER.address)
  t.equal(`0x${key(0)}`, SETTLER.key)
  t.equal(account(1).address.toLowerCase(), PAYER.address)
  t.equal(`0x${key(1)}`, PAYER.key)
  t.equal(account(2).address.toLowerCase(), PAY_TO)
})

t.test('a fresh chain holds the token and a funded payer', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const { asset } = chain.embedded
  const read = (data: string) => chain.rpc('eth_call', { to: asset, data }, 'latest')
  t.equal(Number(await chain.rpc('eth_chainId')), 31337)
  t.equal(await chain.balance(chain.payer.address), 1_000_000_000n)
  t.equal(await chain.balance(chain.embedded.payTo), 0n)
  t.equal(Number(await read(callData('decimals()'))), 6)
  const domain = { name: 'USD Coin', version: '2', chainId: 31337, verifyingContract: asset }
  t.equal(await read(callData('DOMAIN_SEPARATOR()')), domainSeparator({ domain }))
})

t.test('a stopped chain has ended', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  await chain.embedded.stop()
  await chain.embedded.ended
  await t.rejects(chain.rpc('eth_chainId'), { name: 'NodeUnreachable' })
})

t.test('a chain dies with its process, however that dies', { skip: noAnvil }, async (t) => {
  const program = `
    const { startEmbeddedChain } = await import('./lib/x402/embedded/embedded-chain.ts')
    console.log((await startEmbeddedChain()).rpcUrl)
    if (process.argv[1] === 'stay') setInterval(() => {}, 1e6)`
  for (const how of ['SIGKILL', 'by itself']) {
    const args = ['--import=tsx', '--input-type=module', '-e', program, '--', how === 'SIGKILL' ? 'stay' : 'go']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const [rpcUrl] = await once(createInterface(child.stdout), 'line')
    if (how === 'SIGKILL') {
      t.ok(await answers(rpcUrl), 'it answers while the process lives')
      child.kill('SIGKILL')
    }
    await exited
    for (const end = Date.now() + PATIENCE_MS; await answers(rpcUrl); await sleep(20))
      if (Date.now() > end) throw new Error(`the chain lives on: ${how}`)
    t.pass(`ended: ${how}`)
  }
})

async function answers(rpcUrl: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const headers = { 'content-type': 'application/json' }
  return fetch(rpcUrl, { method: 'POST', headers, body }).then(
    (response) => response.ok,
    () => false
  )
}
