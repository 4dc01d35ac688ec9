import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { type ListPlace, listQueryProblems, placeOf } from '../../lib/workouts/list-query.ts'
import { workoutNotFound } from '../../lib/workouts/revision-conflict.ts'
import { workoutsAsCsv } from '../../lib/workouts/workout-csv.ts'
import { presentRevision, presentSummary, presentWorkout } from '../../lib/workouts/workout-presenter.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import type { ListFilter } from '../../lib/workouts/workout-store.ts'
import { commonResponses, invalid, notFound } from '../../schemas/responses.ts'
import {
  AthleteParams,
  AthleteWorkoutParams,
  WorkoutCsvQuery,
  WorkoutDetail,
  WorkoutDetailQuery,
  WorkoutList,
  WorkoutListQuery
} from '../../schemas/workouts.ts'

const CSV_PAGE = 100

/** The completed workouts of an athlete. An unknown athlete has none, like a new one. */
const workouts: FastifyPluginAsyncTypebox = async (app) => {
  const store = app.workouts

  app.get(
    '/v1/athletes/:athlete_uuid/workouts',
    {
      config: { queryProblems: listQueryProblems },
      schema: {
        operationId: 'listWorkouts',
        summary: 'Canonical completed workouts, newest first',
        tags: ['records'],
        params: AthleteParams,
        querystring: WorkoutListQuery,
        response: {
          200: { description: 'A page of workouts.', content: { 'application/json': { schema: WorkoutList } } },
          422: invalid,
          ...commonResponses
        }
      }
    },
    async (request, reply) => {
      const { query, params } = request
      // Fastify streams the CSV as the text that the schema of its own route describes.
      if (query.format === 'csv') return reply.send((await csv(params, query, reply)) as never)
      const page = await store.list(athleteKey(params.athlete_uuid), filterOf(query), query.limit, placeIn(query))
      return reply.send({ workouts: page.workouts.map(presentSummary), next_cursor: page.nextCursor ?? null })
    }
  )

  app.get(
    '/v1/athletes/:athlete_uuid/workouts.csv',
    {
      config: { queryProblems: listQueryProblems },
      schema: {
        operationId: 'exportWorkoutsAsCsv',
        summary: 'Canonical completed workouts as CSV, newest first',
        tags: ['records'],
        params: AthleteParams,
        querystring: WorkoutCsvQuery,
        response: {
          200: {
            description: 'All matching workouts, one per line.',
            content: { 'text/csv': { schema: Type.String() } }
          },
          422: invalid,
          ...commonResponses
        }
      }
    },
    async (request, reply) => reply.send((await csv(request.params, request.query, reply)) as never)
  )

  /** All matching workouts as a stream. The first page is read before the answer begins, so that a failure is reported. */
  async function csv(params: { athlete_uuid: string }, query: CsvQuery, reply: FastifyReply): Promise<Readable> {
    const pages = pagesOf(athleteKey(params.athlete_uuid), filterOf(query), placeIn(query))
    const first = await pages.next()
    reply.header('content-type', 'text/csv; charset=utf-8; header=present')
    reply.header('content-disposition', 'attachment; filename="workouts.csv"')
    return Readable.from(workoutsAsCsv(withFirst(first, pages)), { objectMode: false })
  }

  app.get(
    '/v1/athletes/:athlete_uuid/workouts/:workout_id',
    {
      schema: {
        operationId: 'getWorkout',
        summary: 'One record, with its audit trail on request',
        tags: ['records'],
        params: AthleteWorkoutParams,
        querystring: WorkoutDetailQuery,
        response: {
          200: { description: 'The record.', content: { 'application/json': { schema: WorkoutDetail } } },
          404: notFound,
          422: invalid,
          ...commonResponses
        }
      }
    },
    async (request) => {
      const { athlete_uuid: athleteUuid, workout_id: workoutId } = request.params
      const athlete = athleteKey(athleteUuid)
      const revision = await store.workout(athlete, workoutId)
      if (revision === undefined) throw workoutNotFound()
      const detail = presentWorkout(workoutId, revision)
      if (request.query.include === undefined) return detail
      const revisions = await store.revisions(athlete, workoutId)
      return { ...detail, revisions: revisions.map(presentRevision) }
    }
  )

  async function* pagesOf(athlete: Buffer, filter: ListFilter, after: ListPlace | undefined) {
    for (let place = after; ; ) {
      const page = await store.list(athlete, filter, CSV_PAGE, place)
      yield page.workouts
      if (page.nextCursor === undefined) return
      place = placeOf(page.nextCursor)
    }
  }
}
export default workouts

type CsvQuery = Static<typeof WorkoutCsvQuery>

function filterOf({ performed_from, performed_to, movement }: CsvQuery): ListFilter {
  return { performedFrom: performed_from, performedTo: performed_to, movement }
}

function placeIn({ cursor }: CsvQuery): ListPlace | undefined {
  return cursor === undefined ? undefined : placeOf(cursor)
}

async function* withFirst<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncGenerator<T> {
  if (!first.done) yield first.value
  yield* rest
}
