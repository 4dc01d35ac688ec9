import { useState } from 'preact/hooks'
import { busyWords } from '../../patient-fetch.ts'
import { serviceUrl } from '../../service-url.ts'
import { readable } from '../model/catalogue.ts'
import { clockText } from '../model/time.ts'
import { type Detail, readWorkout, type Summary, voidWorkout, workoutsUrl } from '../purchase/athlete-records.ts'
import { useLoaded } from '../purchase/loaded.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { LoadingMessage } from './loading-message.tsx'
import { CopyButton } from './pay-panel.tsx'

interface Props {
  readonly athleteUuid: string
  /** Changes after a purchase, so that the list is reloaded. */
  readonly version: number
  /** Loads a workout into the form; false where the form has no place for it. */
  readonly onRevise: (workout: Detail) => boolean
  readonly onForget: () => void
}

/** The stored workouts of an athlete and the curve over all of them. Free. */
export function History({ athleteUuid, version, onRevise, onForget }: Props) {
  const [message, setMessage] = useState<string>()
  const [changes, setChanges] = useState(0)
  const loaded = useLoaded<{ readonly workouts: readonly Summary[] }>(workoutsUrl(athleteUuid), version + changes)
  const workouts = loaded.value?.workouts
  const curve = serviceUrl(`/v1/athletes/${athleteUuid}/curve.svg`)
  const onWait = (seconds: number) => setMessage(busyWords(seconds))
  const tried = async (action: () => Promise<string | undefined>) => {
    setMessage(undefined)
    setMessage(await action().catch((error: Error) => error.message))
  }
  const remove = (workout: Summary) =>
    tried(async () => {
      await voidWorkout(athleteUuid, workout, onWait)
      setChanges((count) => count + 1)
      return undefined
    })
  const revise = (workout: Summary) =>
    tried(async () =>
      onRevise(await readWorkout(athleteUuid, workout, onWait))
        ? undefined
        : 'This workout has a movement that the form does not know.'
    )
  return (
    <section class="panel history" aria-labelledby="history-title">
      <h2 id="history-title">Your workouts</h2>
      <p class="message">
        They are stored under a secret that this browser made. Whoever has it can read them: copy it to another device,
        and tell nobody.
      </p>
      <div class="wallets">
        <CopyButton text={athleteUuid} name="Copy the secret" />
        <ConfirmButton
          name="Forget it here"
          question="Without the secret nobody can read these workouts again. Is it copied?"
          onConfirm={onForget}
        />
      </div>
      <LoadingMessage loaded={loaded} />
      <p class="warn" role="status">
        {message}
      </p>
      {workouts?.length === 0 && <p>Nothing is stored yet.</p>}
      {workouts !== undefined && workouts.length > 0 && (
        <>
          <ul class="records">
            {workouts.map((workout) => (
              <li key={workout.workout_id}>
                <div>
                  <strong>{workout.performed_date}</strong>{' '}
                  {[workout.title, workout.movements.map(readable).join(', ')].filter(Boolean).join(': ')}
                  <br />
                  <small>
                    {clockText(workout.duration_seconds)}, {Math.round(workout.total_work.value / 1000)} kJ,{' '}
                    {Math.round(workout.average_power_elapsed.value)} W
                  </small>
                </div>
                <div class="wallets">
                  <button
                    type="button"
                    class="quiet"
                    onClick={() => revise(workout)}
                    aria-label={`Revise ${words(workout)}`}
                  >
                    Revise
                  </button>
                  <ConfirmButton
                    name="Void"
                    label={`Void ${words(workout)}`}
                    question="It leaves this list and the curve for good."
                    onConfirm={() => remove(workout)}
                  />
                </div>
              </li>
            ))}
          </ul>
          <a class="scroll" href={curve}>
            <img
              key={`${version}-${changes}`}
              class="curve"
              src={`${curve}#${version}-${changes}`}
              alt="Power-duration curve of these workouts"
              width={860}
              height={500}
            />
          </a>
        </>
      )}
    </section>
  )
}

/** Which one, for a screen reader. */
function words({ performed_date: day }: Summary): string {
  return `the workout of ${day}`
}
