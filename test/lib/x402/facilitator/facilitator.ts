import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** One request that came, read to its end. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Behaviour = (response: ServerResponse, asked: Asked) => void

/** A facilitator on loopback that does as it is told, and remembers what it was asked. */
export async function startFacilitator(t: Test) {
  const asked: Asked[] = []
  const facilitator = {
    asked,
    url: '',
    behave: (() => {}) as Behaviour,
    stop: () => new Promise((resolve) => server.close(resolve))
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body: Buffer.concat(chunks).toString() }
      asked.push(one)
      facilitator.behave(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  facilitator.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return facilitator
}

export const answers =
  (body: unknown, status = 200): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

export const says =
  (text: string, status = 200, headers: Record<string, string> = { 'content-type': 'text/html' }): Behaviour =>
  (response) => {
    response.writeHead(status, headers).end(text)
  }

export const hangs: Behaviour = () => {}
/** The connection breaks before anything was answered. */
export const dies: Behaviour = (response) => response.destroy()
/** It breaks in the middle of an answer. */
export const breaksOff: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"isValid":true,"success":true', () => response.destroy())
}
/** One byte at a time, for ever. */
export const drips: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 100)
  response.on('close', () => clearInterval(timer))
}
