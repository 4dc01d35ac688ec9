/**
 * RFC 8785 canonical form of a parsed JSON value: keys in UTF-16 order, ECMAScript numbers, no white space.
 * Recursion is as deep as the value; callers pass values that a closed schema has validated.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) {
    let list = '['
    for (let index = 0; index < value.length; index++) list += (index === 0 ? '' : ',') + canonicalJson(value[index])
    return `${list}]`
  }
  let members = '{'
  const record = value as Record<string, unknown>
  for (const name of sortedNames(record)) {
    if (members.length > 1) members += ','
    members += label(name) + canonicalJson(record[name])
  }
  return `${members}}`
}

const FEW_NAMES = 32

/** An object's names in UTF-16 order. */
function sortedNames(record: object): string[] {
  const names = Object.keys(record)
  if (names.length > FEW_NAMES) return names.sort()
  // `sort` allocates at every call, which costs more than an insertion sort of a few names.
  for (let index = 1; index < names.length; index++) {
    const name = names[index]!
    let place = index
    for (; place > 0 && names[place - 1]! > name; place--) names[place] = names[place - 1]!
    names[place] = name
  }
  return names
}

const MAX_LABELS = 500
const labels = new Map<string, string>()

/** A quoted name with its colon. Every request repeats a schema's names, so they are quoted once. */
function label(name: string): string {
  const known = labels.get(name)
  if (known !== undefined) return known
  const made = `${quote(name)}:`
  if (labels.size < MAX_LABELS) labels.set(name, made)
  return made
}

// Nearly every name and string is plain ASCII, and the test costs less than JSON.stringify.
const NEEDS_ESCAPE = /[^ !#-[\]-~]/

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}
