import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A master secret and the number that tokens name it by. */
export interface MasterSecret {
  readonly keyId: number
  /** 32 bytes. */
  readonly secret: Buffer
}

const ENTRY = /^(\d{1,9}):([0-9a-f]{64})$/i
const FILE = 'l402-secrets'

/**
 * Parses `keyId:hex64[,keyId:hex64…]`.
 * @throws RangeError whose message contains no secret
 */
export function readMasterSecrets(text: string): MasterSecret[] {
  const secrets = text
    .trim()
    .split(',')
    .map((entry) => {
      const match = ENTRY.exec(entry.trim())
      if (match === null) throw new RangeError('an entry is not keyId:hex64')
      return { keyId: Number(match[1]), secret: Buffer.from(match[2]!, 'hex') }
    })
  if (new Set(secrets.map(({ keyId }) => keyId)).size !== secrets.length) throw new RangeError('a key id occurs twice')
  return secrets
}

/**
 * The secrets of a development service: stored in `folder`, created there at the first start. Without a folder they
 * live as long as the process.
 * @param random 32 random bytes
 * @throws RangeError or a file error if the stored file is unreadable
 */
export function developmentSecrets(folder: string | undefined, random: Buffer): MasterSecret[] {
  const fresh = `1:${random.toString('hex')}`
  if (folder === undefined) return readMasterSecrets(fresh)
  const path = join(folder, FILE)
  // Read first, because a full disk or a read-only folder allows no write.
  if (existsSync(path)) return readMasterSecrets(readFileSync(path, 'utf8'))
  mkdirSync(folder, { recursive: true })
  const aside = `${path}.${process.pid}.tmp`
  writeFileSync(aside, fresh, { mode: 0o600 })
  try {
    // If two processes start at once, one complete file gets the name, and both read it.
    linkSync(aside, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(aside)
  }
  return readMasterSecrets(readFileSync(path, 'utf8'))
}
