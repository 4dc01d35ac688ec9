/** Something that people record and this service does not measure. */
export interface Unmeasured {
  /** Why it is not measured. */
  readonly reason: string
  /** Its everyday names, beside its key. */
  readonly names: readonly string[]
  /** The most similar registry names, if any. */
  readonly nearest: readonly string[]
}

const HOLD = 'a hold moves nothing, so it does no work'

/** Movements that are known but not measured, by name; reported apart from unknown names. */
export const UNMEASURED: ReadonlyMap<string, Unmeasured> = new Map([
  unmeasured(
    'plank',
    HOLD,
    'plank hold, front plank, elbow plank, forearm plank, high plank, weighted plank, ring plank'
  ),
  unmeasured('side_plank', HOLD, 'side plank hold, star plank, copenhagen plank'),
  unmeasured('hollow_hold', HOLD, 'hollow body hold, hollow position, hollow body, hollow'),
  unmeasured('arch_hold', HOLD, 'arch body hold, superman hold, superman'),
  unmeasured('l_sit', HOLD, 'l sit hold, l hang, hanging l sit, l hold, ring l sit', 'toes_to_bar, v_up'),
  unmeasured('wall_sit', HOLD, 'wall sit hold, wall squat hold, chair hold'),
  unmeasured(
    'dead_hang',
    HOLD,
    'bar hang, hang hold, passive hang, active hang, hanging, dead hang hold, hang from bar, pull up hold, chin over bar hold, flexed arm hang'
  ),
  unmeasured(
    'handstand_hold',
    HOLD,
    'handstand wall hold, freestanding handstand, freestanding handstand hold, nose to wall hold',
    'handstand_push_up, handstand_walk'
  ),
  unmeasured(
    'hollow_rock',
    'the centre of mass moves by 0.01 to 0.02 H and comes back, so no work is required',
    'hollow body rock, hollow rocking',
    'v_up, ab_mat_sit_up'
  ),
  unmeasured(
    'bear_crawl',
    'the centre of mass hardly rises, and no rise is measured',
    'crawl, bear walk, crab walk, bear crawling'
  ),
  unmeasured(
    'battle_ropes',
    'the work goes into the rope, and no sourced model of it exists',
    'rope wave, battling ropes, rope slam, battle rope slam'
  ),
  unmeasured('tire_flip', "the tyre's size and grip height are not inputs yet", 'tyre flip, pig flip, tire'),
  unmeasured(
    'mountain_climber',
    'the legs move under a still trunk, and no sourced rise exists',
    'mountain climber twist, mtn climber, mountain climbing',
    'burpee'
  ),
  unmeasured(
    'jumping_jack',
    'no standard sets the height of the hop',
    'star jump, jacks, jump jack',
    'jump_squat, single_under'
  ),
  unmeasured(
    'russian_twist',
    'turning moves no mass upward',
    'seated twist, russian twists weighted, twist',
    'ab_mat_sit_up, v_up'
  ),
  unmeasured('flutter_kick', 'no standard sets how far the legs move', 'scissor kick, flutters', 'v_up, ab_mat_sit_up'),
  unmeasured(
    'man_maker',
    'send its parts: push_up, dumbbell_clean, dumbbell_thruster',
    'dumbbell man maker',
    'devils_press, dumbbell_thruster, dumbbell_clean_and_jerk'
  ),
  unmeasured(
    'bent_over_row',
    'the travel of the bar depends on the trunk angle, which no standard sets',
    'barbell row, bor, bent row, pendlay row, bent over barbell row, yates row, t bar row, seated row, cable row',
    'ring_row'
  ),
  unmeasured(
    'dumbbell_row',
    'the travel of the dumbbell depends on the trunk angle, which no standard sets',
    'single arm dumbbell row, one arm dumbbell row, renegade row, gorilla row, kettlebell row, dumbbell bent over row, plank row',
    'ring_row'
  ),
  unmeasured(
    'assault_runner',
    'its displayed calories have no sourced relation to work; send run with a distance',
    'air runner, assault treadmill',
    'run, assault_bike'
  ),
  unmeasured('elliptical', 'no sourced model of its work exists', 'elliptical trainer, cross trainer'),
  unmeasured('versaclimber', 'the displayed feet follow the handles, not the body', 'versaclimb', 'stair_climb'),
  unmeasured(
    'peloton',
    'its displayed calories have no sourced relation to work',
    'peloton bike, peloton ride',
    'bike_erg, echo_bike, assault_bike'
  ),
  unmeasured(
    'airdyne',
    'the calibration of its console is not sourced; it is neither an assault_bike nor an echo_bike',
    'schwinn airdyne, schwinn air bike, airdyne bike',
    'assault_bike, echo_bike, bike_erg'
  ),
  unmeasured(
    'partner_carry',
    "the partner's mass and the way of carrying are not inputs",
    'buddy carry, fireman carry, buddy drag, body carry, partner lift',
    'farmers_carry'
  ),
  unmeasured('pegboard', 'no standard sets its height', 'pegboard ascent, peg board climb', 'rope_climb'),
  unmeasured('skin_the_cat', 'no sourced model of its work exists', 'german hang'),
  unmeasured(
    'hip_thrust',
    'the travel of the bar depends on the bench and the build, and no source gives it',
    'hip thruster, glute bridge, barbell hip thrust, barbell glute bridge, hip bridge, bridge, single leg glute bridge, hip raise',
    'back_extension, glute_ham_raise'
  ),
  unmeasured('good_morning', 'no standard sets its depth', 'barbell good morning, gm', 'back_extension, deadlift'),
  unmeasured(
    'romanian_deadlift',
    'no standard sets its depth',
    'rdl, stiff leg deadlift, stiff legged deadlift, straight leg deadlift, sldl, barbell rdl, dumbbell rdl, kettlebell rdl, single leg rdl, dumbbell romanian deadlift, single leg romanian deadlift',
    'deadlift, sumo_deadlift, kettlebell_deadlift'
  ),
  unmeasured(
    'curl',
    'no sourced travel of the load exists',
    'bicep curl, barbell curl, dumbbell curl, hammer curl, ez bar curl, preacher curl, arm curl, leg curl, hamstring curl, concentration curl'
  ),
  unmeasured(
    'leg_press',
    'the travel of the machine is not known',
    'leg press machine, sled leg press, horizontal leg press',
    'back_squat, front_squat'
  ),
  unmeasured(
    'lat_pulldown',
    'the ratio of the machine is not known',
    'pulldown, cable pulldown, lat pull, straight arm pulldown',
    'pull_up'
  ),
  unmeasured(
    'box_get_over',
    'no standard sets how far the body rises',
    'wall over, box over climb, high box get over',
    'box_jump_over, box_step_over'
  ),
  unmeasured(
    'rowing_water',
    'a boat is not an ergometer',
    'on water row, sculling, kayak, canoe, paddling, rowing boat, kayaking',
    'row'
  )
])

/** An entry of the table; a text holds several names, separated by commas. */
function unmeasured(name: string, reason: string, names: string, nearest = ''): [string, Unmeasured] {
  return [name, { reason, names: listOf(names), nearest: listOf(nearest) }]
}

function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ')
}
