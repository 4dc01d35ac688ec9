import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'

const HEADER_BYTES = 100
const MAGIC = 'SQLite format 3\0'

/** Fields of the file's header (https://www.sqlite.org/fileformat.html, 1.3). */
interface Header {
  readonly bytes: number
  /** The change counter; it never falls while programs write the same database in turn. */
  readonly changes: number
  /** 0 until the first checkpoint has written the database's own id. */
  readonly applicationId: number
}

const NO_HEADER: Header = { bytes: 0, changes: 0, applicationId: 0 }

/** The file is intact, but its write-ahead log is missing. */
export const LOG_IS_GONE = 'the write-ahead log is missing'

/**
 * Watches the file of an open database, because SQLite does not notice when the file is deleted, replaced, overwritten
 * or truncated. The file stays open: closing it would drop SQLite's locks on it.
 */
export class DatabaseFile {
  readonly #path: string
  readonly #applicationId: number
  #descriptor: number
  #stats: Stats
  #header: Header
  /** Modification time of a file that is shorter than its header says. */
  #shortAtMs: number | undefined
  #logInode: number | undefined

  /**
   * @param applicationId as SQLite reads it in the open database
   * @throws Error if there is no file at the path
   */
  constructor(path: string, applicationId: number) {
    this.#path = path
    this.#applicationId = applicationId
    this.#descriptor = openSync(path, 'r')
    this.#stats = fstatSync(this.#descriptor)
    // A database that SQLite has opened may be empty until its first checkpoint.
    this.#header = readHeader(this.#descriptor) ?? NO_HEADER
    this.noteLog()
  }

  /** Unix milliseconds of the last observed write. */
  get writtenAtMs(): number {
    return this.#stats.mtimeMs
  }

  /** Call it after SQLite has opened the database: the present log is the one in use. */
  noteLog(): void {
    this.#logInode = this.#inodeOfLog()
  }

  /** @returns the fault, if any; two system calls if the sizes are unchanged */
  fault(): string | undefined {
    const stats = statSync(this.#path, { throwIfNoEntry: false })
    const isAsBefore = stats !== undefined && this.#isSame(stats) && stats.size >= this.#stats.size
    return isAsBefore && this.#hasItsLog() ? undefined : this.inspect()
  }

  /** As `fault`, and reads the header of a file that was written since the last call. */
  inspect(): string | undefined {
    const stats = statSync(this.#path, { throwIfNoEntry: false })
    if (stats === undefined) return 'the database file is missing'
    if (!this.#isSame(stats)) return 'the database file was replaced'
    if (stats.mtimeMs !== this.#stats.mtimeMs || stats.size !== this.#stats.size) {
      const header = readHeader(this.#descriptor)
      if (header === undefined || !this.#isOurs(header)) return 'the database file was overwritten'
      if (stats.size < header.bytes) {
        // Another program's checkpoint writes the header before the pages that make the file longer.
        const mayGrow = stats.size >= this.#stats.size && stats.mtimeMs !== this.#shortAtMs
        this.#shortAtMs = stats.mtimeMs
        return mayGrow ? undefined : 'the database file was truncated'
      }
      if (header.changes < this.#header.changes) return 'the database file was overwritten by an older copy'
      this.#stats = stats
      this.#header = header
    }
    return this.#hasItsLog() ? undefined : LOG_IS_GONE
  }

  /**
   * Adopts the file at the path after a fault: the same file or a copy of it.
   * @throws Error if it is incomplete, a different database, or an older copy beside a log that does not belong to it
   */
  takeUp(): void {
    const stats = statSync(this.#path)
    const isSame = this.#isSame(stats)
    const descriptor = isSame ? this.#descriptor : openSync(this.#path, 'r')
    try {
      const header = readHeader(descriptor)
      if (header === undefined || stats.size < header.bytes) throw new Error('the file is incomplete')
      if (!this.#isOurs(header)) throw new Error('the file is a different database')
      // SQLite would write the pages of the newer log into it.
      const last = isSame ? this.#header : (readHeader(this.#descriptor) ?? this.#header)
      const isOlder = header.changes < last.changes
      if (isOlder && (isSame || (this.#logInode !== undefined && this.#hasItsLog())))
        throw new Error('the file is older than the write-ahead log beside it')
      if (!isSame) closeSync(this.#descriptor)
      this.#descriptor = descriptor
      this.#stats = stats
      this.#header = header
    } catch (error) {
      if (!isSame) closeSync(descriptor)
      throw error
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #isSame({ ino, dev }: Stats): boolean {
    return ino === this.#stats.ino && dev === this.#stats.dev
  }

  #isOurs({ applicationId }: Header): boolean {
    return applicationId === 0 || this.#applicationId === 0 || applicationId === this.#applicationId
  }

  #hasItsLog(): boolean {
    return this.#inodeOfLog() === this.#logInode
  }

  #inodeOfLog(): number | undefined {
    return statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.ino
  }
}

function readHeader(descriptor: number): Header | undefined {
  const header = Buffer.alloc(HEADER_BYTES)
  const length = readSync(descriptor, header, 0, HEADER_BYTES, 0)
  if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined
  // 65536 does not fit and is written as 1.
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  return {
    bytes: pageBytes * header.readUInt32BE(28),
    changes: header.readUInt32BE(24),
    applicationId: header.readUInt32BE(68)
  }
}
