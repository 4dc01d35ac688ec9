const WORKOUT = '018f3f5e-5c1a-7cc0-8d7b-6a1d2f3b4c5d'
const WINDOW = { from_seconds: 10, to_seconds: 3600 }
const watts = (value: number, uncertainty: number) => ({ value, unit: 'W', uncertainty })
const joules = (value: number, uncertainty: number) => ({ value, unit: 'J', uncertainty })

const noCurve = {
  workout_count: 0,
  envelope_points: [],
  work_capacity_auc: { ...joules(0, 0), ...WINDOW },
  log_mean_power: { ...watts(0, 0), ...WINDOW }
}
const noCell = { workout_count: 0, best: null, last_performed_date: null }
const noRow = { short: noCell, medium: noCell, long: noCell }

const split = {
  duration_seconds: 54,
  average_power: watts(374.939, 16.463),
  kind: 'split',
  modality: 'mixed',
  workout_id: WORKOUT,
  performed_date: '2026-01-15',
  first_split_index: 1,
  last_split_index: 1,
  on_envelope: true
}
const run = {
  duration_seconds: 132,
  average_power: watts(368.122, 16.1637),
  kind: 'run',
  modality: 'mixed',
  workout_id: WORKOUT,
  performed_date: '2026-01-15',
  first_split_index: 0,
  last_split_index: 1,
  on_envelope: true
}

const corner = (seconds: number, { average_power, kind }: typeof split, after: string) => ({
  duration_seconds: seconds,
  average_power,
  after,
  workout_id: WORKOUT,
  kind
})
const noTrends = (modality: string) =>
  ['short', 'medium', 'long'].map((time_domain) => ({
    modality,
    time_domain,
    recent: null as object | null,
    previous: null,
    change: null
  }))
const [short, medium, long] = noTrends('all')

/** The curve of one workout, that of `computePowerExample`, rounded; a test holds it to the library. */
export const curveAnswerExample = {
  workout_count: 1,
  sample_count: 4,
  performed_from: null,
  performed_to: null,
  points: [split, run],
  envelope_points: [
    corner(54, split, 'constant_work'),
    corner(55, run, 'constant_power'),
    corner(132, run, 'constant_work')
  ],
  work_capacity_auc: { ...joules(205854, 9038.77), ...WINDOW },
  log_mean_power: { ...watts(223.58, 9.8171), ...WINDOW },
  modality_curves: { weightlifting: noCurve, gymnastics: noCurve, cardiovascular: noCurve },
  time_domains: {
    short: { from_seconds: 10, to_seconds: 120 },
    medium: { from_seconds: 120, to_seconds: 900 },
    long: { from_seconds: 900, to_seconds: 3600 }
  },
  coverage_matrix: { weightlifting: noRow, gymnastics: noRow, cardiovascular: noRow },
  fitness_score: null,
  domain_trends: {
    recent: { from: '2025-10-23', to: '2026-01-21' },
    previous: { from: '2025-07-25', to: '2025-10-22' },
    trends: [
      { ...short, recent: { best: split, log_mean_power: watts(372.773, 16.368) } },
      { ...medium, recent: { best: run, log_mean_power: watts(173.317, 7.61009) } },
      long,
      ...noTrends('weightlifting'),
      ...noTrends('gymnastics'),
      ...noTrends('cardiovascular')
    ]
  },
  critical_power: null,
  critical_power_reason: {
    code: 'too_few_efforts',
    message: 'The envelope has fewer than two efforts of 120 to 1800 s that share no work.'
  },
  notes: [
    {
      code: 'fitness_score',
      message: 'The geometric mean of the three modality areas over the window; null if a modality has no samples.'
    }
  ]
}
