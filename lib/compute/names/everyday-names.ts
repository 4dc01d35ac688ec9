/**
 * Everyday names of the movements: for each registry name its unambiguous abbreviations, brand names and other names,
 * separated by commas. `wordsOf` handles case, separators, plurals, amounts and abbreviations of single words (db, kb,
 * oh). A test checks that no name belongs to two movements.
 */
export const EVERYDAY_NAMES: Readonly<Record<string, string>> = {
  // Barbell
  deadlift:
    'dl, bbdl, conventional deadlift, barbell deadlift, traditional deadlift, touch and go deadlift, straight bar deadlift',
  sumo_deadlift: 'sumo dl, sdl, wide stance deadlift, barbell sumo deadlift, sumo',
  sumo_deadlift_high_pull:
    'sdhp, sdlhp, sumo high pull, sumo deadlift to high pull, sumo dl high pull, kb sdhp, barbell sdhp',
  power_clean: 'pc, pcl, pcln, p clean, power cln, barbell power clean, muscle clean, touch and go power clean',
  squat_clean: 'scl, sqcl, sqc, squat cln, full clean, barbell squat clean, full squat clean, deep clean',
  hang_power_clean:
    'hpc, hpcl, hang p clean, hang pc, high hang power clean, barbell hang power clean, hang muscle clean',
  hang_squat_clean: 'hsc, hscl, hsqc, hang full clean, hang sc, high hang squat clean, barbell hang squat clean',
  clean_and_jerk:
    'c and j, cnj, c j, clean jerk, clean n jerk, clean to jerk, clean and push jerk, clean and split jerk, power clean and jerk, squat clean and jerk, power clean and push jerk, barbell clean and jerk, touch and go clean and jerk',
  hang_clean_and_jerk:
    'hcj, hang c and j, hang cj, hang clean jerk, hang power clean and jerk, hang clean to overhead, hang clean and push jerk, hang power clean and push jerk',
  ground_to_overhead: 'gto, gtoh, g2o, g2oh, gtohd, barbell gto, barbell ground to overhead, floor to overhead',
  shoulder_to_overhead: 'sto, stoh, s2o, s2oh, soh, sh2oh, shto, front rack to overhead',
  power_snatch: 'ps, psn, psnatch, power sn, barbell power snatch, muscle snatch, touch and go power snatch',
  squat_snatch: 'sqs, sqsn, ssn, sqsnatch, full snatch, deep snatch, full squat snatch, barbell squat snatch',
  hang_power_snatch: 'hps, hpsn, hang p snatch, high hang power snatch, hang muscle snatch, barbell hang power snatch',
  hang_squat_snatch: 'hss, hssn, hsqs, hang full snatch, high hang squat snatch, barbell hang squat snatch',
  front_squat: 'fs, fsq, fsqt, bbfs, f squat, barbell front squat, front rack squat',
  back_squat:
    'bs, bsq, bsqt, bbs, bbbs, b squat, barbell squat, barbell back squat, high bar squat, low bar squat, weighted squat, full squat, back rack squat',
  overhead_squat: 'ohs, ohsq, ohsqt, barbell overhead squat, snatch grip overhead squat',
  thruster:
    'thr, thrust, barbell thruster, squat to press, front squat to press, front squat and press, squat and press, squat press, front squat to overhead',
  cluster:
    'clean thruster, squat clean thruster, clean to thruster, clean and thruster, squat clean to thruster, ground to thruster, barbell cluster',
  shoulder_press:
    'sp, shp, ohp, standing press, standing barbell press, standing overhead press, overhead press, military press, military, barbell press, barbell shoulder press, barbell overhead press, strict shoulder press, strict overhead press, front press, seated shoulder press',
  push_press: 'pp, ppr, barbell push press',
  push_jerk: 'pj, barbell jerk, power jerk, squat jerk, behind the neck jerk, rack jerk',
  bench_press:
    'bp, bnp, bench, flat bench, flat bench press, barbell bench, barbell bench press, incline bench press, close grip bench press, chest press',
  // Dumbbells and kettlebells
  dumbbell_snatch:
    'dbs, dbsn, dbps, alt db snatch, single arm dumbbell snatch, one arm dumbbell snatch, dumbbell power snatch, alternating db power snatch, single arm snatch, one arm snatch, alternating snatch',
  dumbbell_thruster:
    'dbt, dbthr, double dumbbell thruster, dumbbell squat to press, single arm dumbbell thruster, dumbbell front squat to press',
  dumbbell_clean_and_jerk:
    'dbcj, dbcnj, db c and j, dumbbell clean jerk, dumbbell ground to overhead, dumbbell g2oh, dumbbell gtoh, dumbbell gto, dumbbell g2o, dumbbell clean and push jerk, dumbbell power clean and jerk, single arm dumbbell clean and jerk, dumbbell cj',
  dumbbell_clean:
    'dbc, dbpc, dumbbell power clean, double dumbbell clean, single arm dumbbell clean, dumbbell squat clean',
  dumbbell_hang_clean:
    'dbhc, dbhpc, dumbbell hang power clean, single arm dumbbell hang clean, double dumbbell hang clean, dumbbell hang squat clean',
  dumbbell_hang_clean_and_jerk:
    'dbhcj, dumbbell hcj, dumbbell hang cj, dumbbell hang c and j, dumbbell hang clean and press, dumbbell hang clean to overhead, dumbbell hang power clean and jerk, dumbbell hang clean and push jerk, single arm dumbbell hang clean and jerk',
  dumbbell_hang_snatch:
    'dbhs, dbhps, dumbbell hang power snatch, single arm dumbbell hang snatch, alternating dumbbell hang snatch',
  dumbbell_deadlift: 'dbdl, dumbbell dl, double dumbbell deadlift',
  dumbbell_shoulder_press:
    'dbsp, dumbbell press, dumbbell strict press, dumbbell overhead press, dumbbell military press, dumbbell ohp, standing dumbbell press, seated dumbbell press, arnold press, dumbbell arnold press, z press',
  dumbbell_push_press: 'dbpp, dumbbell pp, single arm dumbbell push press, double dumbbell push press',
  dumbbell_push_jerk:
    'dbpj, dumbbell jerk, dumbbell shoulder to overhead, dumbbell s2oh, dumbbell stoh, dumbbell sto, dumbbell s2o, dumbbell power jerk, dumbbell split jerk, single arm dumbbell jerk',
  dumbbell_front_squat:
    'dbfs, dumbbell squat, dumbbell front rack squat, double dumbbell front squat, double kettlebell front squat, kettlebell front squat',
  dumbbell_bench_press:
    'dbbp, dumbbell bench, dumbbell chest press, dumbbell flat bench, dumbbell floor press, floor press, incline dumbbell press',
  devils_press:
    'devils, dev press, dumbbell devils press, double dumbbell devils press, single arm devils press, dumbbell devil, burpee dumbbell snatch, burpee dumbbell clean and press',
  kettlebell_swing: 'kbs, akbs, aks, american swing, overhead kettlebell swing, full kettlebell swing, overhead swing',
  russian_kettlebell_swing:
    'russian kbs, russian kb, rkbs, rks, rkbsw, russian swing, hardstyle swing, hardstyle kettlebell swing, eye level kettlebell swing, two hand kettlebell swing, single arm kettlebell swing',
  kettlebell_snatch: 'kbsn, kbsnatch, single arm kettlebell snatch, one arm kettlebell snatch, girevoy snatch',
  kettlebell_clean: 'kbc, kbcl, kettlebell power clean, double kettlebell clean, single arm kettlebell clean',
  kettlebell_clean_and_jerk:
    'kbcj, kettlebell long cycle, long cycle, kettlebell c and j, kettlebell cj, kettlebell clean jerk, kettlebell clean and press, kettlebell ground to overhead, kettlebell gtoh',
  kettlebell_deadlift: 'kbdl, kettlebell dl, kettlebell sumo deadlift, single kettlebell deadlift',
  goblet_squat:
    'gs, gsq, gobs, goblet, kettlebell squat, kettlebell goblet squat, dumbbell goblet squat, kettlebell air squat',
  turkish_get_up:
    'tgu, tgup, get up, kettlebell tgu, kettlebell turkish get up, dumbbell turkish get up, turkish stand up',
  wall_ball: 'wbsh, wall ball throw, wall shot, medicine ball wall throw, wall throw, med ball shot, ball to wall',
  med_ball_clean: 'mbc, mbcl, med ball squat clean',
  medicine_ball_slam: 'mbs, bslam, ball slam, slamball, d ball slam, overhead slam, overhead ball slam, slam ball slam',
  // Body weight
  air_squat: 'bodyweight squat, unweighted squat, free squat, prisoner squat, deep knee bend, knee bend, hindu squat',
  jump_squat: 'jsq, jumping squat, jumping air squat, air squat jump, plyo squat, tuck jump squat',
  pistol:
    'pistol squat, one legged squat, one leg squat, single legged squat, sls, alternating pistol, alternating single leg squat, weighted pistol',
  push_up:
    'hrpu, hr push up, hr press up, hand release press up, press up, strict push up, standard push up, full push up, regular push up, clapping push up, diamond push up, close grip push up, wide push up, wide grip push up, bodyweight push up, floor push up, military push up, chest to floor push up',
  knee_push_up:
    'kneeling push up, push up from knees, girl push up, half push up, scaled push up, modified push up, box push up',
  ring_push_up: 'rpu, trx push up, strict ring push up',
  handstand_push_up:
    'hspu, shspu, kipping hspu, khspu, strict hspu, strict handstand push up, kipping handstand push up, handstand press, handstand press up, wall facing handstand push up, wall facing hspu, wfhspu, headstand push up, vertical push up, freestanding handstand push up, freestanding hspu, inverted push up, ring handstand push up',
  deficit_handstand_push_up:
    'dhspu, deficit hspu, strict deficit hspu, strict deficit handstand push up, kipping deficit handstand push up, parallette handstand push up, parallette hspu, deficit handstand press up',
  pull_up:
    'pull, pullup bar, kpu, spu, butterfly pull up, butterfly, chin, dead hang pull up, weighted pull up, weighted chin up, strict chin up, bodyweight pull up, wide grip pull up, neutral grip pull up, close grip pull up, commando pull up, l pull up, l sit pull up, towel pull up, mixed grip pull up',
  chest_to_bar_pull_up:
    'c2b, ctb, chest to bar, c2b pull up, ctb pull up, chest to bar chin up, strict chest to bar, strict chest to bar pull up, butterfly chest to bar, kipping chest to bar',
  jumping_pull_up: 'jpu, jump pull up, jumping chin up, jump chin up, jumping chest to bar',
  bar_muscle_up: 'bmu, bar mu, kipping bar muscle up, strict bar muscle up, pull up bar muscle up',
  ring_muscle_up: 'rmu, ring mu, strict ring muscle up, kipping ring muscle up, strict muscle up',
  ring_dip:
    'rd, rdip, matador dip, parallel bar dip, parallel dip, parallette dip, strict dip, strict ring dip, kipping ring dip, weighted dip, stationary dip, chest dip, tricep dip, bench dip, box dip',
  ring_row:
    'rr, rrow, body row, bodyweight row, inverted row, horizontal row, horizontal pull up, trx row, suspension row, australian pull up, australian row, bar row, rowing ring',
  toes_to_bar:
    't2b, ttb, toes2bar, strict t2b, strict ttb, strict toes to bar, kipping toes to bar, kipping t2b, toes to rings, t2r, ttr, toes to pull up bar, hanging toes to bar, feet to bar',
  knees_to_elbows:
    'k2e, kte, kipping knees to elbows, hanging knees to elbows, knees to chest, k2c, hanging knees to chest',
  ab_mat_sit_up:
    'amsu, abmat, butterfly sit up, anchored sit up, unanchored sit up, bodyweight sit up, weighted sit up, crunch, full sit up, straight leg sit up, janda sit up, ab situp',
  ghd_sit_up: 'ghdsu, ghd, glute ham sit up, glute ham developer sit up, roman chair sit up, gh sit up',
  back_extension:
    'bext, hyperextension, ghd back extension, ghd hip extension, back ext, hip ext, ghd extension, hip and back extension, reverse hyper, lower back extension, 45 degree back extension',
  glute_ham_raise:
    'ghr, nordic curl, nordic hamstring curl, nordic ham curl, nordics, glute ham, hamstring raise, natural glute ham raise, russian lean',
  v_up: 'vu, v sit up, jackknife, jackknives, jackknife sit up, tuck up, leg and torso raise, v snap',
  burpee:
    'burp, burpee standard, six count burpee, full burpee, regular burpee, burpee jump, bodybuilder, up down, squat thrust, burpee onto plate, burpee to plate, no push up burpee',
  bar_facing_burpee:
    'bfb, bob, botb, burpee over barbell, barbell facing burpee, lateral burpee over bar, lateral bar burpee, lobb, lbob, facing burpee, bar burpee, bar hop burpee, burpee over dumbbell, lateral burpee over dumbbell, dumbbell facing burpee, burpee over rower, lateral burpee over rower, burpee over erg',
  burpee_box_jump_over:
    'bbjo, bbj, burpee box jump, burpee box over, box facing burpee, box facing burpee jump over, burpee to box jump, burpee box step over',
  burpee_pull_up: 'bpu, burpee to pull up, burpee chin up, burpee into pull up',
  burpee_to_target: 'btt, target burpee, burpee touch, six inch burpee',
  burpee_broad_jump: 'burpee long jump, burpee to broad jump',
  box_jump:
    'bj, bxj, plyo box jump, jump to box, step down box jump, box hop, rebounding box jump, bounding box jump, plyo jump, plyometric box jump, high box jump',
  box_jump_over: 'bjo, box over, lateral box jump, box hop over',
  box_step_up:
    'bsu, step up, weighted step up, dumbbell step up, dumbbell box step up, kettlebell step up, kettlebell box step up, weighted box step up, barbell step up, alternating step up, bench step up, step on box, loaded step up, plyo box step up',
  box_step_over:
    'bso, dbbso, step over, dumbbell box step over, dumbbell step over, bench step over, weighted box step over, kettlebell box step over, lateral box step over',
  walking_lunge:
    'wl, dumbbell lunge, dumbbell walking lunge, kettlebell lunge, forward lunge, reverse lunge, step back lunge, front rack lunge, front rack walking lunge, frl, fr lunge, overhead lunge, overhead walking lunge, ohl, ohwl, barbell lunge, back rack lunge, sandbag lunge, sandbag walking lunge, goblet lunge, bodyweight lunge, alternating lunge, static lunge, stationary lunge, in place lunge, split squat, farmer lunge, lateral lunge, side lunge, jumping lunge, jump lunge, weighted lunge, weighted walking lunge, curtsy lunge, single arm overhead lunge, single arm overhead walking lunge',
  rope_climb:
    'rc, rope, rclimb, legless rope climb, legless, llrc, rope ascent, seated rope climb, l sit rope climb, rope climbing',
  wall_walk: 'ww, wall climb, wall crawl, handstand wall walk, wall walk up, wall climber, inchworm wall walk',
  handstand_walk: 'hsw, hand walk, handstand walking, walking on hands',
  // Running, skipping and machines
  run: 'jog, jogging, road run, trail run, treadmill, treadmill run, treadmill running, sprint, sprinting, dash, track run, curve treadmill, true form run, trueform, outdoor run, indoor run, cross country run, fun run, parkrun, marathon, half marathon, hill run, hill sprint, interval run, laps, weighted run, vest run, tempo run, assault runner distance, air runner run, race',
  shuttle_run:
    'shuttle, shuttle sprint, suicides, suicide run, beep test, shuttle running, shuttle run sprint, line drill, pacer test, bleep test',
  walk: 'walking, hike, hiking, treadmill walk, treadmill walking, power walk, stroll, nordic walking, speed walk, race walk, incline walk',
  ruck: 'rucking, ruck march, march, ruck walk, weighted walk, weight vest walk, ruck run, rucksack march, backpack walk, loaded march, tabbing, yomp, weighted hike, forced march, loaded walk, rucksack walk, weighted vest walk',
  row: 'rower, c2 row, c2 rower, c2, concept 2, concept two, concept 2 row, concept 2 rower, row erg, indoor row, indoor rowing, indoor rower, rowing machine, rowing erg, rowing ergometer, row machine, ergometer row, ergo, model d, dynamic rower',
  ski_erg:
    'c2 ski, c2 ski erg, concept2 ski, concept2 skierg, skiing machine, ski machine, ski ergometer, skiing, skiing erg, nordic ski machine, ski trainer',
  bike_erg:
    'c2 bike erg, bike ergometer, concept2 bike, concept2 bikeerg, bike ergo, cycle erg, cycling erg, concept bike',
  echo_bike: 'echo, eb, rogue echo, rogue bike, rogue echo bike, rogue air bike, rogue fan bike, echo air bike',
  assault_bike:
    'aab, assault, assault air bike, assault fan bike, assault fitness bike, assault cycle, assault bike pro',
  double_under:
    'dbl under, dunder, dubs, double, double skip, double under jump, double jump rope, rope double, jump rope double under, double unders skip, crossover double under',
  single_under:
    'su, sgl under, single skip, single, single jump rope, single unders skip, skipping singles, regular skip, single rope skip',
  stair_climb:
    'stair stepper, stair, stair run, stair running, stair climbing, stair climber, stair sprint, tower run, step climb, stair walk, stairway, staircase, steps run, stadium stairs, stadium run, bleachers, flight of stairs, floors climbed',
  swim: 'swimming, freestyle, freestyle swim, front crawl, crawl stroke, pool swim, open water swim, swim lap, breaststroke, backstroke, butterfly stroke, ocean swim, sea swim, crawl swim',
  // Loads
  farmers_carry:
    'fc, farmers, farmers walk, farmers hold walk, yoke walk, yoke, dumbbell carry, kettlebell carry, dumbbell farmers carry, kettlebell farmers carry, dumbbell farmers walk, kettlebell farmers walk, front rack carry, overhead carry, suitcase carry, bear hug carry, sandbag bear hug carry, loaded carry, trap bar carry, husafell carry, waiter carry, waiters walk, d ball carry, atlas stone carry, stone carry, zercher carry, jerry can carry, bucket carry, keg carry, plate carry, log carry, husafell',
  sled_push:
    'sled, prowler, sled rope pull, sled drive, backward sled drag, reverse sled drag, weighted sled, sled dragging, sled pushing, sled sprint, prowler pull, torque tank, tank push',
  sandbag_to_shoulder:
    'sbts, sb to shoulder, sandbag over shoulder, sandbag shoulder, sandbag shouldering, d ball over shoulder, stone to shoulder, stone over shoulder, atlas stone, atlas stone over shoulder, ball over shoulder, ball to shoulder, stone shoulder, bag to shoulder, ground to shoulder, sandbag ground to shoulder, heavy ball to shoulder, slam ball over shoulder, stone lift, sandbag over bar'
}

/** Names that mean one of several movements, or resemble one without being it; the likeliest first. */
export const AMBIGUOUS_NAMES: Readonly<Record<string, readonly string[]>> = {
  'air bike, fan bike': ['assault_bike', 'echo_bike'],
  'bike, cycle, cycling, biking, stationary bike, spin, spin bike, spinning, exercise bike, bicycle, watt bike, schwinn bike':
    ['bike_erg', 'echo_bike', 'assault_bike'],
  'calories, cal, machine, cardio machine, cardio': ['row', 'ski_erg', 'bike_erg', 'echo_bike', 'assault_bike'],
  'erg, concept2 erg, c2 erg, ergometer': ['row', 'ski_erg', 'bike_erg'],
  'barbell clean, clean, cln': ['power_clean', 'squat_clean'],
  'barbell snatch, snatch, sn': ['power_snatch', 'squat_snatch'],
  'hang clean, hc': ['hang_power_clean', 'hang_squat_clean'],
  'hang snatch, hsn': ['hang_power_snatch', 'hang_squat_snatch'],
  hs: ['hang_power_snatch', 'hang_squat_snatch', 'handstand_walk'],
  'squat, sq': ['air_squat', 'back_squat', 'front_squat'],
  press: ['shoulder_press', 'push_press', 'bench_press'],
  pu: ['pull_up', 'push_up'],
  'mu, muscle up, kipping muscle up': ['bar_muscle_up', 'ring_muscle_up'],
  'kb swing, kb swings, swing, dumbbell swing': ['kettlebell_swing', 'russian_kettlebell_swing'],
  kettlebell: ['kettlebell_swing', 'kettlebell_snatch', 'goblet_squat'],
  dumbbell: ['dumbbell_snatch', 'dumbbell_thruster', 'dumbbell_clean_and_jerk'],
  barbell: ['deadlift', 'back_squat', 'power_clean'],
  'jump rope, rope skipping, skip, skipping, rope skip, speed rope, unders': ['single_under', 'double_under'],
  'triple under, triples, tu': ['double_under'],
  'medicine ball': ['wall_ball', 'med_ball_clean', 'medicine_ball_slam'],
  'd ball': ['sandbag_to_shoulder', 'farmers_carry'],
  sandbag: ['sandbag_to_shoulder', 'farmers_carry'],
  'sandbag clean, d ball clean': ['sandbag_to_shoulder', 'med_ball_clean'],
  'ball clean': ['med_ball_clean'],
  slam: ['medicine_ball_slam'],
  'dumbbell hang clean jerk': ['dumbbell_hang_clean_and_jerk'],
  'clean and press, c and p, clean to press, clean press': ['clean_and_jerk'],
  'db hang clean jerk': ['dumbbell_hang_clean_and_jerk'],
  'dumbbell clean and press, dumbbell clean to overhead, dumbbell clean press': [
    'dumbbell_clean_and_jerk',
    'dumbbell_hang_clean_and_jerk'
  ],
  'clean pull, snatch pull, rack pull, trap bar deadlift, hex bar deadlift, hex deadlift, deficit deadlift, block pull, snatch grip deadlift, single leg deadlift':
    ['deadlift', 'sumo_deadlift_high_pull'],
  'high pull, deadlift high pull, upright row, kettlebell high pull': ['sumo_deadlift_high_pull'],
  'dumbbell overhead squat': ['overhead_squat', 'dumbbell_front_squat'],
  'snatch balance, pressing snatch balance, sots press': ['overhead_squat', 'squat_snatch'],
  'zercher squat, box squat, safety bar squat, hack squat, pause squat, tempo squat': [
    'back_squat',
    'front_squat',
    'air_squat'
  ],
  'cossack squat, skater squat, shrimp squat, bulgarian split squat': ['pistol', 'walking_lunge', 'air_squat'],
  'assisted pull up, banded pull up, ring pull up, band pull up, scaled pull up': [
    'pull_up',
    'ring_row',
    'jumping_pull_up'
  ],
  'pike push up, wall push up, dive bomber push up, incline push up, decline push up': [
    'push_up',
    'handstand_push_up',
    'knee_push_up'
  ],
  'hand stand': ['handstand_push_up', 'handstand_walk'],
  'knee raise, hanging knee raise, knee tuck, hanging knee tuck, leg lift, hanging leg raise, hanging raise': [
    'knees_to_elbows',
    'toes_to_bar'
  ],
  'leg raise, leg lower': ['toes_to_bar', 'v_up'],
  raise: ['glute_ham_raise', 'back_extension'],
  'sit, core': ['ab_mat_sit_up', 'ghd_sit_up', 'v_up'],
  'burpee jump over, burpee over, lateral burpee, burpee over object, burpee over line': [
    'bar_facing_burpee',
    'burpee_box_jump_over'
  ],
  'broad jump, standing long jump, long jump': ['burpee_broad_jump', 'box_jump', 'jump_squat'],
  'box, plyo box': ['box_jump', 'box_step_up', 'box_jump_over'],
  'jump, jumping, vertical jump': ['jump_squat', 'box_jump', 'single_under'],
  'step, stepper, aerobic step': ['box_step_up', 'box_step_over', 'stair_climb'],
  'stairmaster, stair mill, stepmill, jacobs ladder, stepping machine': ['stair_climb'],
  overhead: ['shoulder_to_overhead', 'ground_to_overhead', 'overhead_squat'],
  turkish: ['turkish_get_up'],
  'weight vest, vest': ['run', 'pull_up', 'push_up']
}
