import { useEffect, useState } from 'preact/hooks'
import { serviceUrl } from '../../service-url.ts'
import { readable } from '../model/catalogue.ts'
import { clockText } from '../model/time.ts'
import { listWorkouts, type Summary, voidWorkout } from '../purchase/athlete-records.ts'
import { CopyButton } from './pay-panel.tsx'

interface Props {
  readonly athleteUuid: string
  /** Changes when something was bought, so that the list is read again. */
  readonly version: number
  readonly onRevise: (workout: Summary) => void
  readonly onForget: () => void
}

/** The stored workouts of an athlete and the curve over all of them. Free. */
export function History({ athleteUuid, version, onRevise, onForget }: Props) {
  const [workouts, setWorkouts] = useState<readonly Summary[]>()
  const [wrong, setWrong] = useState<string>()
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    listWorkouts(athleteUuid).then(
      (list) => {
        setWorkouts(list)
        setWrong(undefined)
      },
      (error: Error) => setWrong(error.message)
    )
  }, [athleteUuid, version, changes])
  const remove = async (workout: Summary) => {
    try {
      await voidWorkout(athleteUuid, workout)
      setChanges(changes + 1)
    } catch (error) {
      setWrong((error as Error).message)
    }
  }
  return (
    <section class="panel history" aria-labelledby="history-title">
      <h2 id="history-title">Your workouts</h2>
      <p class="message">
        They are stored under a secret that this browser made. Whoever has it can read them: copy it to another device,
        and tell nobody.
      </p>
      <div class="wallets">
        <CopyButton text={athleteUuid} name="Copy the secret" />
        <button type="button" class="quiet" onClick={onForget}>
          Forget it here
        </button>
      </div>
      {wrong !== undefined && (
        <p class="wrong" role="status">
          {wrong}
        </p>
      )}
      {workouts?.length === 0 && <p>Nothing is stored yet.</p>}
      {workouts !== undefined && workouts.length > 0 && (
        <>
          <ul class="records">
            {workouts.map((workout) => (
              <li key={workout.workout_id}>
                <div>
                  <strong>{workout.performed_date}</strong> {workout.movements.map(readable).join(', ')}
                  <br />
                  <small>
                    {clockText(workout.duration_seconds)}, {Math.round(workout.total_work.value / 1000)} kJ,{' '}
                    {Math.round(workout.average_power_elapsed.value)} W
                  </small>
                </div>
                <div class="wallets">
                  <RecordButton name="Revise" workout={workout} onPress={onRevise} />
                  <RecordButton name="Void" workout={workout} onPress={remove} />
                </div>
              </li>
            ))}
          </ul>
          <img
            key={`${version}-${changes}`}
            class="curve"
            src={serviceUrl(`/v1/athletes/${athleteUuid}/curve.svg#${version}-${changes}`)}
            alt="Power-duration curve of these workouts"
            width={860}
            height={500}
          />
        </>
      )}
    </section>
  )
}

interface RecordButtonProps {
  readonly name: string
  readonly workout: Summary
  readonly onPress: (workout: Summary) => void
}

/** What can be done with one record; a screen reader says with which. */
function RecordButton({ name, workout, onPress }: RecordButtonProps) {
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => onPress(workout)}
      aria-label={`${name} the workout of ${workout.performed_date}`}
    >
      {name}
    </button>
  )
}
