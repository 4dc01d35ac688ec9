import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

/** Listens, and never gets to accept. */
const PROGRAM = `
  const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`
const MOST_CONNECTIONS = 10
const CONNECTS_MS = 300

/** A host that leaves every connection attempt without an answer, like a frozen machine or a firewall. @returns its URL */
export async function startSilentHost(t: Test): Promise<string> {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] })
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    child.kill('SIGKILL')
  })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  // The kernel accepts for the program until its queue is full.
  while (sockets.length < MOST_CONNECTIONS) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
    sockets.push(socket)
    await Promise.race([once(socket, 'connect'), sleep(CONNECTS_MS)])
    if (socket.connecting) return `http://127.0.0.1:${port}`
  }
  throw new Error('every connection was accepted')
}
