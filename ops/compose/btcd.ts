import { readFileSync } from 'node:fs'
import { request } from 'node:https'

const HOST = 'btcd'
const PORT = 18_334
/** As in docker-compose.yml; nothing outside its network reaches btcd. */
const USER_AND_PASSWORD = 'regtest:regtest'
const CERTIFICATE = '/btcd/rpc.cert'
const LIMIT_MS = 30_000

/**
 * One JSON-RPC call to btcd. The certificate is read each time: btcd makes another one when its volume is new.
 * @throws Error with what btcd says, or why it does not answer
 */
export async function btcd<T>(method: string, ...params: unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '1.0', id: 1, method, params })
  const text = await post(body)
  const { result, error } = JSON.parse(text) as { result: T; error: { message: string } | null }
  if (error) throw new Error(`btcd: ${method}: ${error.message}`)
  return result
}

export function height(): Promise<number> {
  return btcd<number>('getblockcount')
}

/** The raw block, hex. */
export async function blockAt(blockHeight: number): Promise<string> {
  return btcd<string>('getblock', await btcd<string>('getblockhash', blockHeight), 0)
}

function post(body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: HOST,
      port: PORT,
      method: 'POST',
      auth: USER_AND_PASSWORD,
      ca: readFileSync(CERTIFICATE),
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(LIMIT_MS)
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        if (incoming.statusCode === 401) reject(new Error('btcd refuses the password'))
        else resolve(text)
      })
    })
    outgoing.end(body)
  })
}
