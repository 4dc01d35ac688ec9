import { isIPv6, SocketAddress } from 'node:net'

/**
 * The unit of rate limits: an IPv4 address, or an IPv6 /64, the usual allocation of one customer.
 * @param address undefined once its connection was reset, despite Fastify's types: all those count as one
 */
export function clientKey(address: string | undefined): string {
  if (address === undefined) return ''
  // A cheap test before the full grammar, which costs more than the rest of this function for IPv4.
  if (!address.includes(':') || !isIPv6(address)) return address
  // Canonical spelling: a proxy may write an address differently.
  const canonical = new SocketAddress({ address: address.split('%')[0]!, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)
  if (mapped) return mapped[1]!
  const [head = '', tail] = canonical.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) while (groups.length + after.length < 8) groups.push('0')
  return `${[...groups, ...after].slice(0, 4).join(':')}::/64`
}

const IPV4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/

/**
 * The networks around a client, the narrower one first: a /56 and a /48 around an IPv6 /64, twice the /24 around an
 * IPv4 address.
 * @param key from `clientKey`, or a network returned by this function; anything else is its own network
 */
export function networksAround(key: string): readonly [narrow: string, wide: string] {
  if (key.endsWith('::/64')) {
    const [first, second, third, fourth] = key.slice(0, -'::/64'.length).split(':') as [string, string, string, string]
    const site = `${first}:${second}:${third}`
    const high = Number.parseInt(fourth, 16) & 0xff00
    return [`${site}:${high.toString(16)}::/56`, `${site}::/48`]
  }
  if (key.endsWith('::/56')) return [key, `${key.slice(0, key.lastIndexOf(':', key.length - '::/56'.length - 1))}::/48`]
  const ipv4 = IPV4.exec(key)
  const network = ipv4 === null ? key : `${ipv4[1]}.0/24`
  return [network, network]
}
