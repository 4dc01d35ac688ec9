/** The LND calls of the service: `getInfo` and `addInvoice`. */
const NEEDED = new Set([
  'info:read',
  'invoices:write',
  'uri:/lnrpc.Lightning/GetInfo',
  'uri:/lnrpc.Lightning/AddInvoice'
])

/** Of the binary form, version 2. */
const VERSION = 2
const IDENTIFIER = 2
/** Of the protobuf messages MacaroonId and Op of go-macaroon-bakery, which LND writes the identifier with. */
const OP = (3 << 3) | 2
const ENTITY = (1 << 3) | 2
const ACTION = (2 << 3) | 2

/**
 * The permissions of an LND macaroon that the service does not need, such as `offchain:write`.
 * @returns none for an unreadable macaroon too, which LND rejects itself
 */
export function excessPermissions(base64: string): string[] {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes[0] !== VERSION) return []
  for (const [type, identifier] of fields(bytes.subarray(1)))
    if (type === IDENTIFIER) return permissionsIn(identifier).filter((permission) => !NEEDED.has(permission))
  return []
}

/** @param identifier one version byte, then a MacaroonId */
function permissionsIn(identifier: Buffer): string[] {
  const permissions: string[] = []
  for (const [tag, op] of fields(identifier.subarray(1))) {
    if (tag !== OP) continue
    let entity = ''
    for (const [part, value] of fields(op))
      if (part === ENTITY) entity = value.toString()
      else if (part === ACTION) permissions.push(`${entity}:${value.toString()}`)
  }
  return permissions
}

/** Macaroons and protobuf share this form: varint type, varint length, bytes. */
function* fields(bytes: Buffer): Generator<[type: number, value: Buffer]> {
  let offset = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[offset++] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value
  }
  while (offset < bytes.length) {
    const type = varint()
    const length = varint()
    yield [type, bytes.subarray(offset, offset + length)]
    offset += length
  }
}
