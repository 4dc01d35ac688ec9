/** Reverse proxies as README sets them up: an offer and a smart wallet's payment pass through each. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import t, { type Test } from 'tap'
import type { Hex } from '../../../lib/x402/settler.ts'
import { freePorts, Processes, tail } from '../../support/processes.ts'
import { missing } from '../../support/program.ts'
import { until } from '../../support/until.ts'
import { isOffer, isSold } from '../../support/x402/checks.ts'
import { scenario, type X402Service } from '../../support/x402/scenario.ts'

const PATH = '/v1/compute-power'
const README = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8')
/** ERC-1271: always the magic value. */
const ALWAYS_VALID = '0x631626ba7e60e01b60005260206000f3'
const SIGNATURE_BYTES = 321

/** The lines that README gives for a proxy, sent to the service of this test. */
function linesOf(language: string, upstream: string): string {
  const [, lines] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(README) ?? []
  if (lines === undefined) throw new Error(`README has no ${language} lines`)
  if (!lines.includes('127.0.0.1:3000')) throw new Error(`README's ${language} lines name no upstream`)
  return lines.replaceAll('127.0.0.1:3000', upstream)
}

interface Proxy {
  readonly name: string
  readonly skip: string | false
  readonly command: (folder: string) => readonly string[]
  readonly config: (port: number, upstream: string, folder: string) => string
}

const PROXIES: Proxy[] = [
  {
    name: 'nginx',
    skip: missing('nginx', '-v'),
    command: (folder) => ['nginx', '-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/config`],
    config: (port, upstream, folder) => `
      daemon off;
      pid ${folder}/pid;
      error_log ${folder}/error.log;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        server {
          listen 127.0.0.1:${port};
          ${linesOf('nginx', upstream)}
        }
      }`
  },
  {
    name: 'Caddy',
    skip: missing('caddy', 'version'),
    command: (folder) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', `${folder}/config`],
    config: (port, upstream) => `{
        admin off
        auto_https off
      }
      http://127.0.0.1:${port} {
        ${linesOf('caddyfile', upstream)}
      }`
  }
]

for (const proxy of PROXIES) {
  const name = `a stock client with a contract wallet buys through ${proxy.name}`
  if (proxy.skip !== false) t.test(name, { skip: proxy.skip }, async () => {})
  else
    scenario(name, { modes: ['self'] }, async (t, service) => {
      const url = await startProxy(t, proxy, service)
      const direct = service.client.url
      service.client.url = url
      isOffer(t, await service.client.post(service.client.workout()))

      const body = service.client.workout()
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      const response = await (await walletFetch(service))(url + PATH, init)
      const answer = { status: response.status, headers: response.headers, text: await response.text() }
      await isSold(t, answer, service)
      service.client.bought.push(answer)
      service.client.url = direct
    })
}

/** `@x402/fetch` for a wallet that is a contract, and signs as long as a passkey does. */
async function walletFetch({ chain }: X402Service): Promise<typeof fetch> {
  const { network, asset } = chain.embedded
  const address: Hex = `0x${randomBytes(20).toString('hex')}`
  await chain.transfer(chain.payer.address, address, 100_000n)
  await chain.rpc('anvil_setCode', address, ALWAYS_VALID)
  const signTypedData = async (): Promise<Hex> => `0x${randomBytes(SIGNATURE_BYTES).toString('hex')}`
  return wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: 'eip155:*', client: new ExactEvmScheme({ address, signTypedData }) }],
    spendControls: { allowedAssets: [{ network, asset }] }
  }) as typeof fetch
}

/** It ends with the test. @returns its address */
async function startProxy(t: Test, { name, command, config }: Proxy, service: X402Service): Promise<string> {
  // A second `testdir` would empty the first one, which holds the database.
  const folder = `${dirname(service.database)}/proxy`
  mkdirSync(folder)
  const [port] = (await freePorts(1)) as [number]
  const log = `${folder}/log`
  writeFileSync(`${folder}/config`, config(port, `127.0.0.1:${service.port}`, folder))
  const processes = new Processes()
  t.teardown(() => processes.close())
  const env = { PATH: process.env.PATH, HOME: folder }
  const started = await processes.start(name, command(folder), log, env)
  const url = `http://127.0.0.1:${port}`
  await until(`${name} listens`, async () => {
    if (!started.isRunning()) throw new Error(`${name} has ended:\n${tail(log)}`)
    return (await fetch(`${url}/v1/health`).catch(() => undefined))?.status === 200
  })
  return url
}
