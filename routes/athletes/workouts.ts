import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type ListPlace, placeOf } from '../../lib/workouts/list-cursor.ts'
import { listQueryProblems } from '../../lib/workouts/list-query.ts'
import { workoutNotFound } from '../../lib/workouts/revision-conflict.ts'
import { workoutsAsCsv } from '../../lib/workouts/workout-csv.ts'
import { presentRevision, presentSummary, presentWorkout } from '../../lib/workouts/workout-presenter.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import type { ListFilter } from '../../lib/workouts/workout-store.ts'
import { commonResponses, problemResponse } from '../../schemas/responses.ts'
import {
  AthleteParams,
  AthleteWorkoutParams,
  WorkoutDetail,
  WorkoutDetailQuery,
  WorkoutList,
  WorkoutListQuery
} from '../../schemas/workouts.ts'

const CSV_PAGE = 100

/** The completed workouts of an athlete. An athlete that nobody knows has none, like a new one. */
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
          200: {
            description: 'A page of workouts; as CSV all that match, in one text.',
            content: { 'application/json': { schema: WorkoutList }, 'text/csv': { schema: Type.String() } }
          },
          422: problemResponse('The UUID, the limit, the cursor or a date is none.'),
          ...commonResponses
        }
      }
    },
    async (request, reply) => {
      const { limit, cursor, performed_from, performed_to, movement, format } = request.query
      const after = cursor === undefined ? undefined : placeOf(cursor)
      const filter = { performedFrom: performed_from, performedTo: performed_to, movement }
      const athlete = athleteKey(request.params.athlete_uuid)
      if (format === 'csv') {
        const pages = pagesOf(athlete, filter, after)
        // The first page is read before the answer begins, so that a database that is down is told.
        const first = await pages.next()
        reply.header('content-type', 'text/csv; charset=utf-8; header=present')
        reply.header('content-disposition', 'attachment; filename="workouts.csv"')
        const text = Readable.from(workoutsAsCsv(withFirst(first, pages)), { objectMode: false })
        // Fastify streams it as the text that the schema says.
        return reply.send(text as unknown as string)
      }
      const page = await store.list(athlete, filter, limit, after)
      return reply.send({ workouts: page.workouts.map(presentSummary), next_cursor: page.nextCursor ?? null })
    }
  )

  app.get(
    '/v1/athletes/:athlete_uuid/workouts/:workout_id',
    {
      schema: {
        operationId: 'getWorkout',
        summary: 'One record, with its audit trail where asked for',
        tags: ['records'],
        params: AthleteWorkoutParams,
        querystring: WorkoutDetailQuery,
        response: {
          200: WorkoutDetail,
          404: problemResponse('The athlete has no such workout.'),
          422: problemResponse('The UUID or the query is none.'),
          ...commonResponses
        }
      }
    },
    async (request) => {
      const { athlete_uuid: athleteUuid, workout_id: workoutId } = request.params
      const athlete = athleteKey(athleteUuid)
      const revision = await store.workout(athlete, workoutId)
      if (revision === undefined) throw workoutNotFound()
      const shown = presentWorkout(workoutId, revision)
      if (request.query.include === undefined) return shown
      const revisions = await store.revisions(athlete, workoutId)
      return { ...shown, revisions: revisions.map(presentRevision) }
    }
  )

  async function* pagesOf(athlete: Buffer, filter: ListFilter, after: ListPlace | undefined) {
    for (let place = after; ; ) {
      const page = await store.list(athlete, filter, CSV_PAGE, place)
      yield page.workouts.map(presentSummary)
      if (page.nextCursor === undefined) return
      place = placeOf(page.nextCursor)
    }
  }
}
export default workouts

async function* withFirst<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncGenerator<T> {
  if (!first.done) yield first.value
  yield* rest
}
