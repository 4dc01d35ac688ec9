import type { CurveAnswer } from '../../schemas/curve.ts'
import { EFFORT_WINDOW, LEAST_SPREAD, LONG_EFFORT_SECONDS } from './critical-power.ts'
import type { Window } from './hyperbola.ts'
import { DOMAIN_WINDOWS } from './time-domains.ts'

type Note = CurveAnswer['notes'][number]

const { short, medium, long } = DOMAIN_WINDOWS

const CONVENTIONS: readonly Note[] = [
  {
    code: 'samples',
    message:
      'A sample is work over time: each session over its elapsed time, each split over its active time, and each run of two or more neighbouring splits over their active times and the rests between them. Time of a session that is neither active nor rest counts in the session alone; where it lay between two splits, their run took longer than told here.'
  },
  {
    code: 'points',
    message:
      'points lists only samples that are on the envelope of their own workout: one that another sample of the same workout equals or beats at every duration is counted in sample_count and not listed.'
  },
  {
    code: 'envelope',
    message:
      'A sample of power P over T seconds counts as P T / t for t above T, which it proves, and as P for t below T, which is a convention. The envelope is the highest of these over all samples; it never rises with duration. Samples without work have no part in it.'
  },
  {
    code: 'modalities',
    message:
      'weightlifting has barbells, hand weights and odd objects; cardiovascular has running, skipping and machines. A split, run or session with movements of several modalities feeds none of the three.'
  },
  {
    code: 'time_domains',
    message: `short is below ${medium.fromSeconds} s, medium below ${long.fromSeconds} s, long the rest. Means over a domain run from ${short.fromSeconds} to ${short.toSeconds} s, ${medium.fromSeconds} to ${medium.toSeconds} s and ${long.fromSeconds} to ${long.toSeconds} s.`
  },
  {
    code: 'fitness_score',
    message: 'The geometric mean of the three modality areas over the window; null where a modality has no samples.'
  },
  {
    code: 'domain_trends',
    message:
      "The last 90 days (today in UTC included, and tomorrow, which has begun somewhere) against the 90 before. change compares log-mean powers of the periods' envelopes over the domain, since best samples may differ in length. performed_from and performed_to do not limit it."
  },
  {
    code: 'critical_power',
    message: `Least squares of work on time, work = w_prime + cp t, over efforts of ${EFFORT_WINDOW.fromSeconds} to ${EFFORT_WINDOW.toSeconds} s: samples on the envelope that share no work, those that hold it over the widest range of log time first. It needs two efforts, the longest at least ${LEAST_SPREAD} times the shortest. standard_error is scatter about the line, uncertainty that of the model.`
  },
  {
    code: 'uncertainty',
    message:
      "One sigma of the model's coefficients, carried to first order: errors of one movement are taken as shared by all its work in all workouts, those of different movements as independent. For sums over different loads of one movement this is an upper bound. What the counting rule leaves out is not in it."
  }
]

/** Every convention of an answer, with the bounds that were used. */
export function curveNotes(window: Window, ownSamples: number, listedPoints: number): Note[] {
  const notes = [...CONVENTIONS]
  notes.push({
    code: 'window',
    message: `work_capacity_auc, log_mean_power and fitness_score are taken from ${window.fromSeconds} to ${window.toSeconds} s: the area in linear time, the mean over log time. Both are exact integrals of the envelope.`
  })
  if (listedPoints < ownSamples) {
    const message = `${ownSamples - listedPoints} samples of older workouts are left out of points; each is on its own workout's envelope, none on the athlete's.`
    notes.push({ code: 'points_left_out', message })
  }
  return notes
}

export const FIT_WARNINGS = {
  two_efforts: 'The line goes through two efforts exactly, so nothing tells how well it fits.',
  mixed_modality: 'The efforts are of several modalities; the model was made for one task.',
  no_long_effort: `No effort reaches ${LONG_EFFORT_SECONDS} s; cp comes out too high then.`
} as const

export const NO_FIT_REASONS = {
  too_few_efforts: `There are not two efforts of ${EFFORT_WINDOW.fromSeconds} to ${EFFORT_WINDOW.toSeconds} s on the envelope that share no work.`,
  efforts_too_alike: `The longest effort is not ${LEAST_SPREAD} times as long as the shortest.`
} as const
