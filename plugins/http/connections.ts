import { readFileSync } from 'node:fs'
import { BlockList, isIPv6, type Socket } from 'node:net'
import fp from 'fastify-plugin'
import { clientKey } from '../../lib/limits/client-network.ts'
import { ConnectionLimits, type ConnectionRefusal } from '../../lib/limits/connection-limits.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Open connections, with the time of `performance.now()` at which each was accepted. */
    readonly openConnections: ReadonlyMap<Socket, number>
  }
}

const MOST_CONNECTIONS = 8192
/** File descriptors for everything else: databases, node, rails, logs. */
const OTHER_FILES = 256
/** A connection that has not sent a byte for so long gives way when there is no room. */
const SILENT_MS = 1000
const ROOM_EVERY_MS = 1000

type Refusal = ConnectionRefusal | 'full'

/**
 * Limits open connections before they cost a request: in all by what the process may open, and for each address. Proxies
 * that are trusted to name their clients are not limited: the clients' requests are. When there is no room, idle
 * connections are closed, so that a crowd of silent ones locks nobody out.
 */
export default fp(
  async (app) => {
    const { requestsPerMinute, trustedProxies } = app.config
    const limits = new ConnectionLimits(requestsPerMinute)
    const proxies = listOf(trustedProxies)
    const open = new Map<Socket, number>()
    const refused: Record<Refusal, number> = { too_many_open: 0, too_many_new: 0, full: 0 }
    app.decorate('openConnections', open)
    app.measures.push(() =>
      Object.entries(refused).map(([reason, value]) => ({
        name: 'http_connections_refused_total',
        help: 'Connections that were closed at once, by reason.',
        labels: { reason },
        value
      }))
    )

    const { server } = app
    server.maxConnections = Math.min(MOST_CONNECTIONS, openFilesLimit() - OTHER_FILES)
    server.prependListener('connection', (socket: Socket) => {
      const { remoteAddress } = socket
      // It was reset before it was accepted.
      if (remoteAddress === undefined) return socket.destroy()
      if (!proxies.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4')) {
        const key = clientKey(remoteAddress)
        const refusal = limits.admit(key, Date.now())
        if (refusal !== undefined) {
          refused[refusal]++
          return socket.destroy()
        }
        socket.once('close', () => limits.release(key))
      }
      open.set(socket, performance.now())
      socket.once('close', () => open.delete(socket))
    })

    let madeRoomMs = Number.NEGATIVE_INFINITY
    server.on('drop', () => {
      refused.full++
      const nowMs = performance.now()
      if (nowMs - madeRoomMs < ROOM_EVERY_MS) return
      madeRoomMs = nowMs
      app.log.warn({ connections: open.size }, 'there is no room for another connection; idle connections are closed')
      server.closeIdleConnections()
      for (const [socket, openedMs] of open)
        if (socket.bytesRead === 0 && nowMs - openedMs > SILENT_MS) socket.destroy()
    })
  },
  { name: 'connections', dependencies: ['config', 'metrics'] }
)

/** @param ranges addresses, and networks in CIDR notation */
function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', length] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (length === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(length), family)
  }
  return list
}

/** How many files the process may have open; Node raises the limit as far as it may. */
function openFilesLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(limit ?? Number.POSITIVE_INFINITY)
  } catch {
    // Not Linux.
    return Number.POSITIVE_INFINITY
  }
}
