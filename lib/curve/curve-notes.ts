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
      'A sample is work over time: each session over its elapsed time, each split over its active time, and each run of two or more neighbouring splits over their active times plus the rests between them. Session time that is neither active nor rest counts only in the session sample. Where such time lies between two splits, their run took longer than the sample says.'
  },
  {
    code: 'points',
    message:
      'points lists only samples on the envelope of their own workout. A sample that another sample of the same workout equals or exceeds at every duration is counted in sample_count but not listed.'
  },
  {
    code: 'envelope',
    message:
      'A sample of power P over T seconds counts as P T / t for t above T, which it proves, and as P for t below T, which is a convention. The envelope is the maximum of these over all samples; it never rises with duration. Samples without work do not contribute.'
  },
  {
    code: 'modalities',
    message:
      'weightlifting covers barbells, hand weights and odd objects; cardiovascular covers running, skipping and machines. A split, run or session with movements of several modalities counts in none of the three modality curves.'
  },
  {
    code: 'time_domains',
    message: `short is below ${medium.fromSeconds} s, medium below ${long.fromSeconds} s, long from there on. Means over a domain are taken from ${short.fromSeconds} to ${short.toSeconds} s, ${medium.fromSeconds} to ${medium.toSeconds} s and ${long.fromSeconds} to ${long.toSeconds} s.`
  },
  {
    code: 'fitness_score',
    message: 'The geometric mean of the three modality areas over the window; null if a modality has no samples.'
  },
  {
    code: 'domain_trends',
    message:
      "The last 90 days compared with the 90 days before. Today is the UTC date; tomorrow is included because it has already begun in some time zones. change compares the log-mean powers of the periods' envelopes over the domain, because best samples may differ in duration. performed_from and performed_to do not apply."
  },
  {
    code: 'critical_power',
    message: `Least squares of work on time, work = w_prime + cp t, over efforts of ${EFFORT_WINDOW.fromSeconds} to ${EFFORT_WINDOW.toSeconds} s. Efforts are samples on the envelope that share no work; samples that hold the envelope over the widest range of log time are taken first. The fit needs two efforts, the longest at least ${LEAST_SPREAD} times the shortest. standard_error is the scatter about the line; uncertainty is that of the model.`
  },
  {
    code: 'uncertainty',
    message:
      "One standard deviation of the model's coefficients, propagated to first order. Errors of one movement are treated as common to all its work in all workouts, errors of different movements as independent. For sums over different loads of one movement this is an upper bound. Work that the counting rule leaves out is not included."
  }
]

/** Every convention of an answer, with the bounds used. */
export function curveNotes(window: Window, ownSamples: number, listedPoints: number): Note[] {
  const notes = [...CONVENTIONS]
  notes.push({
    code: 'window',
    message: `work_capacity_auc, log_mean_power and fitness_score are taken from ${window.fromSeconds} to ${window.toSeconds} s: the area in linear time, the mean over log time. Both are exact integrals of the envelope.`
  })
  if (listedPoints < ownSamples) {
    const message = `${ownSamples - listedPoints} samples of older workouts are left out of points. Each is on its own workout's envelope; none is on the athlete's.`
    notes.push({ code: 'points_left_out', message })
  }
  return notes
}

export const FIT_WARNINGS = {
  two_efforts: 'The line passes through both efforts exactly, so its goodness of fit is unknown.',
  mixed_modality: 'The efforts are of several modalities; the model assumes a single task.',
  no_long_effort: `No effort lasts ${LONG_EFFORT_SECONDS} s or longer; cp is then overestimated.`
} as const

export const NO_FIT_REASONS = {
  too_few_efforts: `The envelope has fewer than two efforts of ${EFFORT_WINDOW.fromSeconds} to ${EFFORT_WINDOW.toSeconds} s that share no work.`,
  efforts_too_alike: `The longest effort is less than ${LEAST_SPREAD} times as long as the shortest.`
} as const
