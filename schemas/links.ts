const athlete_uuid = '$request.body#/athlete_uuid'
const workout_id = '$response.body#/workout_id'

/** Operations on a stored answer, as links of the OpenAPI document. */
export const RECORD_LINKS = {
  getWorkout: {
    operationId: 'getWorkout',
    description: 'Read the record.',
    parameters: { athlete_uuid, workout_id }
  },
  reviseWorkout: {
    operationId: 'reviseWorkout',
    description: 'Correct it: send the whole workout with this `revision_id` as `supersedes_revision_id`.',
    parameters: { workout_id }
  },
  voidWorkout: {
    operationId: 'voidWorkout',
    description: 'Void it: send the `athlete_uuid` and this `revision_id`.',
    parameters: { workout_id }
  }
}
