import t from 'tap'
import { newWorkoutIds, timeOrderedUuid } from '../../../lib/workouts/workout-record.ts'

t.test('names are UUIDs of version 7, which rise with time', async (t) => {
  const nowMs = Date.UTC(2022, 1, 22, 19, 22, 22)
  // The time of RFC 9562's example of version 7.
  t.match(timeOrderedUuid(nowMs), /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.match(timeOrderedUuid(1), /^00000000-0001-7/)
  const names = Array.from({ length: 1000 }, (_, index) => timeOrderedUuid(nowMs + index))
  t.same(names, [...names].sort())
  const ofOneMoment = Array.from({ length: 1000 }, () => newWorkoutIds(nowMs)).flatMap((ids) => Object.values(ids))
  t.equal(new Set(ofOneMoment).size, 2000)
})
