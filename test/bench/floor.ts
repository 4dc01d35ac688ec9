import { writeFileSync } from 'node:fs'
import { ChildServer } from './child-server.ts'
import type { Floor } from './floor-server.ts'

/** Headers that every server makes by itself. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

/** A server that does nothing but what an answer cannot be had without. @param file where its orders are kept */
export function startFloor(file: string, floor: Floor): Promise<ChildServer> {
  writeFileSync(file, JSON.stringify(floor))
  return ChildServer.start('./floor-server.js', { BENCH_FLOOR: file })
}

/** The very bytes of a server's 402. @param body of a workout */
export async function unpaidFloor(port: number, body: string): Promise<Floor> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/compute-power`, init)
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name)))
  return { status: answer.status, headers, body: await answer.text() }
}

/** An answer of that text, written down first. */
export function paidFloor(text: string, database: string, facilitatorUrl?: string): Floor {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status: 200, headers, body: text, database, ...(facilitatorUrl && { facilitatorUrl }) }
}
