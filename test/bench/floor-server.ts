import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { Pool } from 'undici'
import { change } from '../../lib/database/script.ts'
import { SqliteStorage } from '../../lib/storage/open-storage.ts'
import { NAMING_KEYWORDS } from '../../schemas/naming.ts'
import { answerQuestions } from './questions.ts'
import { workoutRows } from './workout-rows.ts'

/** What a floor sends, and what it may not leave out before. */
export interface Floor {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Where the request and the answer are written down, on disk before the answer leaves. */
  readonly database?: string
  /** A facilitator that is asked twice: before the first write, and between two. */
  readonly facilitatorUrl?: string
  /** Not one row of the answer's size, but what a completed workout leaves. */
  readonly workout?: boolean
}

/**
 * The least that an answer of ours can cost here: a bare Fastify route with our schema that sends ready bytes, after
 * one row of the answer's size in one table (two where money moves in between), and a facilitator's two answers; or
 * after the rows of a completed workout.
 */
const floor: Floor = JSON.parse(readFileSync(process.env.BENCH_FLOOR!, 'utf8'))
const { ComputePowerRequest } = await import('../../schemas/compute-power.ts')
const database = floor.database === undefined ? undefined : new SqliteStorage(floor.database)
await database?.transact(() => change('CREATE TABLE floor (id TEXT PRIMARY KEY, state TEXT, answer TEXT) STRICT'))
const facilitator = floor.facilitatorUrl === undefined ? undefined : new Pool(floor.facilitatorUrl, { connections: 64 })

const writeWorkout = floor.workout && database ? workoutRows(database) : undefined

async function ask(path: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await facilitator!.request({ method: 'POST', path, headers, body: floor.body })
  await answer.body.json()
}

async function write(): Promise<void> {
  const id = randomUUID()
  if (facilitator !== undefined) await ask('/verify')
  await database?.transact(() => change('INSERT INTO floor VALUES (?, ?, ?)', id, 'settling', floor.body))
  if (facilitator === undefined) return
  await ask('/settle')
  await database?.transact(() => change('UPDATE floor SET state = ? WHERE id = ?', 'captured', id))
}

const app = Fastify({ ajv: { customOptions: { keywords: [...NAMING_KEYWORDS] } } })
app.post('/v1/compute-power', { schema: { body: ComputePowerRequest } }, (_request, reply) => {
  const send = () => reply.code(floor.status).headers(floor.headers).send(floor.body)
  if (writeWorkout !== undefined) writeWorkout(floor.body).then(send)
  else if (database === undefined) send()
  else write().then(send)
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
answerQuestions(url, () => ({ invoices: 0 }))
