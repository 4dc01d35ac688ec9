import { isIPv6, SocketAddress } from 'node:net'

/**
 * The unit that limits count by: an IPv4 address, or an IPv6 /64, which is what one customer has.
 * @param address undefined once its connection was reset, whatever Fastify's types say: those are counted as one
 */
export function clientKey(address: string | undefined): string {
  if (address === undefined) return ''
  // A look before the full grammar, which costs more than the rest of this function does for IPv4.
  if (!address.includes(':') || !isIPv6(address)) return address
  // One spelling out of many: a proxy may write an address otherwise than this system does.
  const canonical = new SocketAddress({ address: address.split('%')[0]!, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)
  if (mapped) return mapped[1]!
  const [head = '', tail] = canonical.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0')
  return `${[...groups, ...after].slice(0, 4).join(':')}::/64`
}
