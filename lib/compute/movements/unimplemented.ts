const HOLD = 'a hold moves nothing, so its work is zero by definition'
const NO_MODEL = 'no sourced model of its work yet'

/** Names that people will try, and why there is no figure for them. Told apart from names that are not known. */
export const UNIMPLEMENTED: ReadonlyMap<string, string> = new Map([
  ['plank', HOLD],
  ['side_plank', HOLD],
  ['hollow_hold', HOLD],
  ['l_sit', HOLD],
  ['wall_sit', HOLD],
  ['dead_hang', HOLD],
  ['handstand_hold', HOLD],
  ['handstand_walk', NO_MODEL],
  ['bear_crawl', NO_MODEL],
  ['swim', NO_MODEL],
  ['battle_ropes', NO_MODEL],
  ['tire_flip', NO_MODEL],
  ['partner_carry', NO_MODEL],
  ['assault_runner', 'its displayed calories have no sourced relation to work']
])
