/** Everyday names of what is not measured, by the name under which the reason stands. */
export const UNMEASURED_NAMES: Readonly<Record<string, string>> = {
  plank: 'plank hold, front plank, elbow plank, forearm plank, high plank, weighted plank, ring plank',
  side_plank: 'side plank hold, star plank, copenhagen plank',
  hollow_hold: 'hollow body hold, hollow position, hollow body, hollow',
  l_sit: 'l sit hold, l hang, hanging l sit, l hold, ring l sit',
  wall_sit: 'wall sit hold, wall squat hold, chair hold',
  dead_hang:
    'bar hang, hang hold, passive hang, active hang, hanging, dead hang hold, hang from bar, pull up hold, chin over bar hold, flexed arm hang',
  handstand_hold: 'handstand wall hold, freestanding handstand, freestanding handstand hold, nose to wall hold',
  bear_crawl: 'crawl, bear walk, crab walk, bear crawling',
  battle_ropes: 'rope wave, battling ropes, rope slam, battle rope slam',
  tire_flip: 'tyre flip, pig flip, tire',
  partner_carry: 'buddy carry, fireman carry, buddy drag, body carry, partner lift',
  assault_runner: 'air runner, assault treadmill',
  arch_hold: 'arch body hold, superman hold, superman',
  hollow_rock: 'hollow body rock, hollow rocking',
  mountain_climber: 'mountain climber twist, mtn climber, mountain climbing',
  jumping_jack: 'star jump, jacks, jump jack',
  russian_twist: 'seated twist, russian twists weighted, twist',
  flutter_kick: 'scissor kick, flutters',
  man_maker: 'dumbbell man maker',
  bent_over_row:
    'barbell row, bor, bent row, pendlay row, bent over barbell row, yates row, t bar row, seated row, cable row',
  dumbbell_row:
    'single arm dumbbell row, one arm dumbbell row, renegade row, gorilla row, kettlebell row, dumbbell bent over row, plank row',
  elliptical: 'elliptical trainer, cross trainer',
  versaclimber: 'versaclimb',
  peloton: 'peloton bike, peloton ride',
  airdyne: 'schwinn airdyne, schwinn air bike, airdyne bike',
  pegboard: 'pegboard ascent, peg board climb',
  skin_the_cat: 'german hang',
  hip_thrust:
    'hip thruster, glute bridge, barbell hip thrust, barbell glute bridge, hip bridge, bridge, single leg glute bridge, hip raise',
  good_morning: 'barbell good morning, gm',
  romanian_deadlift:
    'rdl, stiff leg deadlift, stiff legged deadlift, straight leg deadlift, sldl, barbell rdl, dumbbell rdl, kettlebell rdl, single leg rdl, dumbbell romanian deadlift, single leg romanian deadlift',
  curl: 'bicep curl, barbell curl, dumbbell curl, hammer curl, ez bar curl, preacher curl, arm curl, leg curl, hamstring curl, concentration curl',
  leg_press: 'leg press machine, sled leg press, horizontal leg press',
  lat_pulldown: 'pulldown, cable pulldown, lat pull, straight arm pulldown',
  box_get_over: 'wall over, box over climb, high box get over',
  rowing_water: 'on water row, sculling, kayak, canoe, paddling, rowing boat, kayaking'
}

/** What comes nearest to a movement that is not measured, where something does. */
export const NEAREST_TO_UNMEASURED: Readonly<Record<string, readonly string[]>> = {
  romanian_deadlift: ['deadlift', 'sumo_deadlift', 'kettlebell_deadlift'],
  good_morning: ['back_extension', 'deadlift'],
  assault_runner: ['run', 'assault_bike'],
  airdyne: ['assault_bike', 'echo_bike', 'bike_erg'],
  peloton: ['bike_erg', 'echo_bike', 'assault_bike'],
  man_maker: ['devils_press', 'dumbbell_thruster', 'dumbbell_clean_and_jerk'],
  box_get_over: ['box_jump_over', 'box_step_over'],
  bent_over_row: ['ring_row'],
  dumbbell_row: ['ring_row'],
  rowing_water: ['row'],
  partner_carry: ['farmers_carry'],
  hip_thrust: ['back_extension', 'glute_ham_raise'],
  lat_pulldown: ['pull_up'],
  pegboard: ['rope_climb'],
  versaclimber: ['stair_climb'],
  mountain_climber: ['burpee'],
  hollow_rock: ['v_up', 'ab_mat_sit_up'],
  flutter_kick: ['v_up', 'ab_mat_sit_up'],
  russian_twist: ['ab_mat_sit_up', 'v_up'],
  handstand_hold: ['handstand_push_up', 'handstand_walk'],
  l_sit: ['toes_to_bar', 'v_up'],
  leg_press: ['back_squat', 'front_squat'],
  jumping_jack: ['jump_squat', 'single_under']
}
