/**
 * RFC 8785 canonical form of a parsed JSON value: keys in UTF-16 order, ECMAScript numbers, no white space.
 * Recursion is as deep as the value; callers pass what a closed schema let through.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) {
    let list = '['
    for (let index = 0; index < value.length; index++) list += (index === 0 ? '' : ',') + canonicalJson(value[index])
    return `${list}]`
  }
  let members = '{'
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record).sort()) {
    if (members.length > 1) members += ','
    members += `${quote(key)}:${canonicalJson(record[key])}`
  }
  return `${members}}`
}

// Nearly every key and string is plain ASCII, and a test costs less than a trip into JSON.stringify.
const NEEDS_ESCAPE = /[^ !#-[\]-~]/

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}
