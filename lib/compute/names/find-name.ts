import { ALIASES, MOVEMENTS } from '../catalogue.ts'
import { AMBIGUOUS_NAMES, EVERYDAY_NAMES } from './everyday-names.ts'
import { type FoundName, NameIndex } from './name-index.ts'
import { UNMEASURED } from './unmeasured.ts'

/** Built at the first wrong name, not at the start. */
let index: NameIndex | undefined

/** The same few mistakes recur, so results are cached. */
const answered = new Map<string, FoundName>()
const MOST_ANSWERED = 1000

/** Classifies a name that is not a registry name; nothing is ever chosen for the client. */
export function findName(given: string): FoundName {
  const known = answered.get(given)
  if (known !== undefined) return known
  index ??= new NameIndex({ movements: otherNames(), ambiguous: AMBIGUOUS_NAMES, unmeasured: UNMEASURED })
  const found = index.find(given)
  if (answered.size >= MOST_ANSWERED) answered.clear()
  answered.set(given, found)
  return found
}

/** Every registry name with its other names. */
function otherNames(): Map<string, string[]> {
  const others = new Map([...MOVEMENTS.keys()].map((name): [string, string[]] => [name, []]))
  for (const [alias, name] of ALIASES) others.get(name)?.push(alias)
  for (const [name, everyday] of Object.entries(EVERYDAY_NAMES)) others.get(name)?.push(...everyday.split(', '))
  return others
}
