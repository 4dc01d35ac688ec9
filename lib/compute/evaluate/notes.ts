import type { Basis } from '../laws/law.ts'
import type { PlanNote as Note, Plan } from '../plan.ts'
import { isIdle, type Measurement } from './measure.ts'

const DENOMINATORS: Note = {
  code: 'power_denominators',
  message:
    'Split powers are work over active time. The session has both: average_power_elapsed over the whole duration, average_power_active over the sum of active times.'
}

const PROXIES: readonly (readonly [Basis, Note['code'], string])[] = [
  ['flywheel', 'proxy_flywheel', 'is flywheel work from the monitor, not work against gravity.'],
  ['air_bike', 'proxy_air_bike', 'is fan work from displayed calories, not work against gravity.'],
  ['friction', 'proxy_friction', 'is friction work on the ground, not work against gravity.'],
  ['drag', 'proxy_drag', 'is work against the drag of the water at a constant speed, not work against gravity.'],
  ['gait', 'proxy_gait', 'is the rise of the centre of mass per metre and any climb; horizontal work is not counted.']
]

/** The notes of an answer: denominators, proxies, reference values and overrides. */
export function notesOf(plan: Plan, measurement: Measurement, unattributedSeconds: number): Note[] {
  const notes = [DENOMINATORS]
  if (unattributedSeconds > 0) {
    notes.push({
      code: 'unattributed_time',
      message: `${Number(unattributedSeconds.toPrecision(12))} s of the session are neither active nor rest; only average_power_elapsed counts them.`
    })
  }
  const proxies = plan.movements.filter(({ law }) => law.basis !== 'gravity')
  for (const [basis, code, message] of proxies.length === 0 ? [] : PROXIES) {
    const names = proxies.filter(({ law }) => law.basis === basis).map(({ name }) => name)
    if (names.length > 0) notes.push({ code, message: `Work of ${names.join(', ')} ${message}` })
  }
  noteEntries(plan, measurement, notes)
  notes.push(...plan.notes)
  if (isIdle(measurement)) {
    notes.push({
      code: 'zero_power_summary',
      message: 'No work was done, so dropoff is 0 and consistency is 1 by definition.'
    })
  }
  return notes
}

function noteEntries(plan: Plan, measurement: Measurement, notes: Note[]): void {
  const overrides: string[] = []
  const unused: string[] = []
  const onReference: string[] = []
  let isWithinReach = false
  for (let index = 0; index < plan.splits.length; index++) {
    const entries = plan.splits[index]!.entries
    for (let line = 0; line < entries.length; line++) {
      const { movement, overridden, secondsPerRep } = entries[line]!
      const timed = movement.law.usesTime === true && secondsPerRep > 0
      // With a known time an ergometer needs no reference power, so an override is ignored.
      for (const key of overridden) addOnce(timed ? unused : overrides, `${movement.name}.${key}`)
      if (movement.law.usesTime === true && !timed) addOnce(onReference, movement.name)
      if (movement.name === 'rope_climb' && measurement.splits[index]!.lines[line]!.workJ === 0) {
        isWithinReach = true
      }
    }
  }
  if (onReference.length > 0) {
    const message = `${onReference.join(', ')} has no time of its own in at least one split (several movements, or distance and calories mixed); reference_power_w is used there.`
    notes.push({ code: 'erg_reference_power_used', message })
  }
  if (isWithinReach) {
    const message = 'A climb_height within the standing reach requires no climb; rope_climb counts 0 there.'
    notes.push({ code: 'rope_within_reach', message })
  }
  if (overrides.length > 0) {
    const message = `Set by the client and taken as exact (no uncertainty): ${overrides.join(', ')}.`
    notes.push({ code: 'overrides_used', message })
  }
  if (unused.length > 0) {
    const message = `Ignored, because the split's active time is known: ${unused.join(', ')}.`
    notes.push({ code: 'override_not_used', message })
  }
}

/** For few names a list is faster than a set. */
function addOnce(names: string[], name: string): void {
  if (!names.includes(name)) names.push(name)
}
