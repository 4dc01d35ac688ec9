/** More addresses than the service counts, from one network and from everywhere: strangers, payers and health get in. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Connections } from '../bench/http-load.ts'
import { challengeOf, PATH, workout } from '../support/purchase.ts'
import { type Instance, startInstances } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const ADDRESSES = 65_536
/** Above what newcomers to a full table share on average. */
const LIMIT = 20
/** A crowd comes within one minute, since each minute is counted anew. */
const MINUTE_MS = 60_000
const LATEST_BEGIN_MS = 15_000
const CONNECTIONS = 32
const STRANGER = '203.0.113.7'

const get = (path: string, address: string) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${address}\r\n\r\n`)

async function start(t: Test): Promise<Instance> {
  const [service] = await startInstances(t, 1, {
    DATABASE_URL: `sqlite:${join(t.testdir(), 'oracle.db')}`,
    X402: 'off',
    TRUST_PROXY: '127.0.0.1',
    RATE_LIMIT_PER_MINUTE: String(LIMIT)
  })
  return service!
}

/** One request of each address. Minutes are counted apart, so all of them fall into one. @returns statuses counted */
async function crowd(
  { url }: Instance,
  addressOf: (index: number) => string
): Promise<Readonly<Record<number, number>>> {
  const connections = await Connections.to(Number(new URL(url).port), CONNECTIONS)
  try {
    const requests = Array.from({ length: ADDRESSES }, (_, index) => get('/nothing', addressOf(index)))
    return (await connections.send(requests)).statuses
  } finally {
    connections.close()
  }
}

/** From an address of its own, which development parts do not take: paid from the loopback address. */
async function buyToken(service: Instance) {
  const body = workout()
  const offer = await service.ask(PATH, { method: 'POST', body })
  const { token, invoice } = challengeOf({ statusCode: offer!.status, headers: offer!.headers, body: offer!.text })
  const paid = await service.ask('/dev/lightning/pay', { method: 'POST', body: { invoice } })
  return { body, authorization: `L402 ${token}:${JSON.parse(paid!.text).preimage}` }
}

for (const [name, addressOf] of Object.entries({
  'an IPv6 /48': (index: number) => `2001:db8:1:${index.toString(16)}::1`,
  'a network each': (index: number) => `2001:${index.toString(16)}:1::1`
}))
  t.test(`a crowd of addresses: ${name}`, async (t) => {
    const service = await start(t)
    const { body, authorization } = await buyToken(service)
    const intoMinuteMs = Date.now() % MINUTE_MS
    if (intoMinuteMs > LATEST_BEGIN_MS) await sleep(MINUTE_MS - intoMinuteMs)
    const statuses = await crowd(service, addressOf)
    t.comment(`${name}: ${JSON.stringify(statuses)}`)
    const from = (address: string) => ({ 'x-forwarded-for': address })
    await until('a stranger gets in, once the load is over', async () => {
      return (await service.ask('/v1/movements', { headers: from(STRANGER) }))?.status === 200
    })
    // Whatever the stranger's count is, alone or shared, it is used up now.
    for (let time = 0; time < LIMIT; time++) await service.ask('/v1/movements', { headers: from(STRANGER) })
    const isFull = name !== 'an IPv6 /48'
    const health = await service.ask('/v1/health', { headers: from(STRANGER) })
    const paid = await service.ask(PATH, { method: 'POST', body, headers: { authorization, ...from(STRANGER) } })
    const unpaid = await service.ask('/v1/movements', { headers: from(STRANGER) })
    t.strictSame(
      [health?.status, paid?.status, unpaid?.status],
      isFull ? [200, 200, 429] : [429, 429, 429],
      isFull ? 'health and a paid token pass the full table' : 'a stranger has a count of its own, and its limit'
    )
    for (const path of ['/livez', '/readyz'])
      t.equal((await service.ask(path, { headers: from(STRANGER) }))?.status, 200, path)
  })
