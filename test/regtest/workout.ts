/** The workout that the regtest runs buy: 21-15 of thrusters and pull-ups, as in the public examples. */
const split = (seconds: number, reps: number) => ({
  duration_seconds: seconds,
  work: {
    movements: [
      { movement: 'thruster', reps, inputs: { external_load: { value: 95, unit: 'lb' } } },
      { movement: 'pull_up', reps }
    ]
  }
})

/** The athlete of the public examples. */
export const ATHLETE = '11111111-1111-1111-1111-111111111111'

/** The request body as text: a proof is bound to what is in it. Each `variant`, a little heavier, is another workout. */
export function workout(athlete = ATHLETE, variant = 0): string {
  return JSON.stringify({
    athlete_uuid: athlete,
    evaluation_context: 'completed',
    performed_date: '2026-11-20',
    duration_seconds: 180,
    user: { height: { value: 70, unit: 'in' }, body_mass: { value: 180 + variant / 1000, unit: 'lb' } },
    splits: [split(78, 21), split(54, 15)]
  })
}
