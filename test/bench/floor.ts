import { writeFileSync } from 'node:fs'
import type { Floor } from './floor-server.ts'

/** Headers that every server makes by itself. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

/** The server that does nothing but what an answer cannot be had without. */
export const FLOOR_SERVER = './floor-server.js'

/** What tells that server its floor. @param file where it is kept */
export function floorEnvironment(file: string, floor: Floor): Readonly<Record<string, string>> {
  writeFileSync(file, JSON.stringify(floor))
  return { BENCH_FLOOR: file }
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
