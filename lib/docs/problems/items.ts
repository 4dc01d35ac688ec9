import { type GuideRow, guidesOf } from './problem-guide.ts'

const FREE_FIELD = 'Correct the value at `pointer` and send the request again. Nothing was charged.'

const ITEMS: readonly GuideRow[] = [
  [
    'field_required',
    [],
    'A required field is missing.',
    'The answer depends on it.',
    'Add the field at `pointer`. Nothing was charged.'
  ],
  [
    'field_unknown',
    [],
    'A field is unknown.',
    'Otherwise a misspelt field would be ignored silently.',
    'Remove it, or use a name from `nearest` or `allowed`. Nothing was charged.'
  ],
  ['type_wrong', [], 'A value has the wrong JSON type.', 'The service converts no text to numbers.', FREE_FIELD],
  ['value_not_allowed', [], 'A value is not in the list of allowed values.', '`allowed` lists the values.', FREE_FIELD],
  ['out_of_range', [], 'A number is outside its limits.', '`allowed` has the bounds, if there are two.', FREE_FIELD],
  [
    'value_out_of_range',
    [],
    'A quantity is outside its range after conversion.',
    'The range is defined in SI units; `allowed` states it in your unit.',
    FREE_FIELD
  ],
  [
    'length_wrong',
    [],
    'A text or a list is too short or too long.',
    '`allowed` has the bounds, if there are two.',
    FREE_FIELD
  ],
  ['format_wrong', [], 'A text does not have the required form.', '`detail` describes the form.', FREE_FIELD],
  [
    'problems_truncated',
    [],
    'The request has more problems than are listed.',
    'The list ends after 100 items, or after the first problem of a very large body.',
    'Correct those that are listed and send the request again.'
  ],
  [
    'required_for_context',
    [],
    'This `evaluation_context` requires a further field.',
    'A completed workout needs performed_date, a planned one planned_for_date.',
    FREE_FIELD
  ],
  [
    'forbidden_for_context',
    [],
    'A field does not belong to this `evaluation_context`.',
    'It contradicts the context.',
    'Remove it. Nothing was charged.'
  ],
  ['date_invalid', [], 'The date does not exist.', 'An example is 2026-02-30.', FREE_FIELD],
  [
    'date_out_of_range',
    [],
    'The date is out of range.',
    'A completed workout is from today or earlier, with one day of tolerance for time zones.',
    FREE_FIELD
  ],
  ['dates_reversed', [], 'The first date is after the last.', 'The period is empty.', FREE_FIELD],
  ['window_empty', [], '`from_seconds` is not below `to_seconds`.', 'The window is empty.', FREE_FIELD],
  [
    'cursor_invalid',
    [],
    'The cursor does not belong to this list.',
    'It was modified.',
    'Send `next_cursor` of a page unchanged, or start without a cursor.'
  ],
  ['unit_not_allowed', [], 'The unit does not fit the quantity.', '`allowed` lists the units.', FREE_FIELD],
  [
    'reps_required',
    [],
    'The number of repetitions is missing.',
    'The movement is counted per rep.',
    'Add `reps`. Nothing was charged.'
  ],
  [
    'input_required',
    [],
    'An input of the movement is missing.',
    'The work depends on it.',
    'Add it under `inputs`. Nothing was charged.'
  ],
  ['input_unknown', [], 'The movement has no such input.', '`allowed` lists its inputs.', FREE_FIELD],
  [
    'input_choice_missing',
    [],
    'One of several inputs is required.',
    'The movement is measured by distance or by calories.',
    'Send exactly one of `allowed`. Nothing was charged.'
  ],
  [
    'input_choice_conflict',
    [],
    'Two inputs exclude each other.',
    'Together they measure the same work twice or contradict each other.',
    'Send one of them. Nothing was charged.'
  ],
  [
    'assistance_too_large',
    [],
    'The assistance is too large.',
    'It may take off at most nine tenths of the raised mass.',
    FREE_FIELD
  ],
  [
    'lift_distance_negative',
    [],
    'The load ends below its start.',
    'The overrides and the height result in a negative lift.',
    'Correct the overrides. Nothing was charged.'
  ],
  [
    'override_unknown',
    [],
    'The movement has no such coefficient.',
    '`allowed` lists those that can be overridden.',
    FREE_FIELD
  ],
  [
    'override_out_of_range',
    [],
    'A coefficient is outside its bounds.',
    'The bounds are in `supported_overrides` of the movement.',
    FREE_FIELD
  ],
  [
    'times_exceed_duration',
    [],
    'Active times and rests are longer than the session.',
    'Their sum must not exceed `duration_seconds`.',
    'Correct the times. Nothing was charged.'
  ],
  [
    'split_of_its_own_required',
    [],
    'The movement needs a split of its own.',
    'Its work depends on its own active time.',
    'Move it into a split of its own. Nothing was charged.'
  ],
  [
    'erg_speed_out_of_range',
    [],
    'The pace of the machine is implausible.',
    'Distance or calories and time are inconsistent.',
    'Check distance, unit and time. Nothing was charged.'
  ],
  [
    'speed_out_of_range',
    [],
    'The speed is implausible.',
    'Distance and time are inconsistent.',
    'Check distance, unit and time. Nothing was charged.'
  ],
  [
    'power_implausible',
    [],
    'The power is above that of any athlete.',
    'Most likely a load, a number of reps or a time is wrong.',
    'Check loads, units, reps and times. Nothing was charged.'
  ]
]

/** Codes of the items in `errors[]`. */
export const ITEM_GUIDES = guidesOf(ITEMS)
