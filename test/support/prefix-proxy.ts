import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PrefixProxy {
  /** Where the service is for its clients, without a trailing slash. */
  readonly publicUrl: string
  /** From here on, what comes under the prefix goes to this address. */
  readonly serve: (address: string) => void
  /** Every path that came without the prefix: a link that left it. */
  readonly strays: readonly string[]
  readonly close: () => void
}

/** A proxy that serves something else at its root and the service under a prefix, which it strips. */
export async function startPrefixProxy(prefix: string): Promise<PrefixProxy> {
  const strays: string[] = []
  let target: string | undefined
  const server = createServer((incoming, outgoing) => {
    const { url = '/', method, headers } = incoming
    const isBelow = url === prefix || url.startsWith(`${prefix}/`) || url.startsWith(`${prefix}?`)
    if (target === undefined || !isBelow) {
      strays.push(`${method} ${url}`)
      outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('this is another site')
      return
    }
    const rest = url.slice(prefix.length)
    const path = rest.startsWith('/') ? rest : `/${rest}`
    const passed = request(new URL(target), { path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    publicUrl: `http://127.0.0.1:${port}${prefix}`,
    serve: (address) => {
      target = address
    },
    strays,
    close: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}
