import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const DEBIAN = '/usr/lib/postgresql'
const PATIENCE_MS = 30_000

/** Runs the server and ends it with the test, however that ends, because its standard input closes then. */
const KEEPER = `
const [command, options, where] = JSON.parse(process.argv[1])
const server = require('node:child_process').spawn(command, options, { stdio: 'ignore', ...where })
console.log(server.pid)
server.on('exit', () => process.exit())
process.stdin.on('close', () => { server.kill('SIGCONT'); server.kill('SIGQUIT') }).resume()`

/** A separate Postgres in a temporary folder, on a unix socket, with real syncs. */
export class PostgresServer {
  readonly #folder: string
  readonly #binaries: string
  readonly #user: { uid?: number; gid?: number }
  #child: ChildProcess | undefined
  #pid = 0
  #databases = 0

  /** The server's programs and their user, or why there are none. */
  static find(): { binaries: string; user: { uid?: number; gid?: number } } | { reason: string } {
    const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
    const folders = [
      ...versions.map((version) => join(DEBIAN, version, 'bin')),
      ...(process.env.PATH ?? '').split(delimiter)
    ]
    const binaries = folders.find((folder) => ['postgres', 'initdb'].every((name) => existsSync(join(folder, name))))
    if (binaries === undefined) return { reason: 'Postgres is not installed (Debian: apt-get install postgresql-15)' }
    if (process.getuid?.() !== 0) return { binaries, user: {} }
    // It refuses to run as root.
    for (const name of ['postgres', 'nobody']) {
      try {
        const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })))
        return { binaries, user: { uid: uid!, gid: gid! } }
      } catch {
        // The next one.
      }
    }
    return { reason: 'Postgres refuses to run as root, and there is no other user' }
  }

  static async start(): Promise<PostgresServer> {
    const found = PostgresServer.find()
    if ('reason' in found) throw new Error(found.reason)
    const server = new PostgresServer(found.binaries, found.user)
    await server.run()
    return server
  }

  private constructor(binaries: string, user: { uid?: number; gid?: number }) {
    this.#binaries = binaries
    this.#user = user
    this.#folder = mkdtempSync(join(tmpdir(), 'power-pg-'))
    if (user.uid !== undefined) chownSync(this.#folder, user.uid, user.gid!)
    const options = [
      '-D',
      join(this.#folder, 'data'),
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '-N'
    ]
    execFileSync(join(binaries, 'initdb'), options, { stdio: 'pipe', cwd: this.#folder, ...user })
  }

  /** Starts it, or starts it again. */
  async run(): Promise<void> {
    const options = ['-D', join(this.#folder, 'data'), '-k', this.#folder, '-c', 'listen_addresses=']
    const limits = ['-c', 'max_connections=200', '-c', 'shared_buffers=32MB', '-c', 'max_wal_size=256MB']
    const server = [join(this.#binaries, 'postgres'), [...options, ...limits], { cwd: this.#folder, ...this.#user }]
    const child = spawn(process.execPath, ['-e', KEEPER, JSON.stringify(server)], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child = child
    const [pid] = await once(child.stdout, 'data')
    this.#pid = Number(pid)
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(30)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`Postgres did not start: ${child.exitCode}`)
      try {
        await this.ask('postgres', 'SELECT 1')
        return
      } catch {
        // Not ready yet.
      }
    }
  }

  /** Of the server itself. */
  get pid(): number {
    return this.#pid
  }

  /**
   * Creates an empty database.
   * @returns its URL
   */
  async makeDatabase(): Promise<string> {
    const name = `test_${++this.#databases}`
    await this.ask('postgres', `CREATE DATABASE ${name}`)
    return this.url(name)
  }

  url(name: string): string {
    return `postgres://postgres@localhost/${name}?host=${encodeURIComponent(this.#folder)}`
  }

  async ask(name: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: this.url(name), connectionTimeoutMillis: 2000 })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  /** Suspends every process of the server, like a frozen machine. */
  freeze(): void {
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#signal('SIGCONT')
  }

  /** @param how SIGINT stops it in order, SIGQUIT at once, SIGKILL as a crash */
  async stop(how: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    process.kill(this.#pid, how)
    await exit
  }

  async remove(): Promise<void> {
    this.thaw()
    await this.stop('SIGQUIT')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #signal(signal: NodeJS.Signals): void {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    for (const pid of [this.#pid, ...childrenOf(this.#pid)]) {
      try {
        process.kill(pid, signal)
      } catch {
        // It ended on its own.
      }
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}
