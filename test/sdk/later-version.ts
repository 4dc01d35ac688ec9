import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Members of a later version that no client knows. */
const UNKNOWN = { member_of_a_later_version: { value: 1 } }
/** Headers of one connection, and those that `fetch` writes itself. Java's client offers HTTP/2 by an upgrade. */
const NOT_FORWARDED = new Set(['host', 'connection', 'content-length', 'upgrade', 'http2-settings'])

/**
 * A proxy before a service that answers as a later version may: each JSON answer has a member that no client knows, at its
 * root, in its results and in their session. Maps stay as they are.
 */
export async function startLaterVersion(target: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const headers = Object.entries(request.headers).filter(([name]) => !NOT_FORWARDED.has(name))
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers: headers as [string, string][],
      body: chunks.length === 0 ? null : Buffer.concat(chunks)
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json')
    const kept = [...answer.headers].filter(([name]) => !['content-length', 'connection', 'keep-alive'].includes(name))
    response.writeHead(answer.status, Object.fromEntries(kept)).end(isJson ? grown(text) : text)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

function grown(text: string): string {
  const answer = JSON.parse(text)
  const places = [answer, answer.results, answer.results?.session].filter((place) => typeof place === 'object')
  for (const place of places) Object.assign(place, UNKNOWN)
  return JSON.stringify(answer)
}
