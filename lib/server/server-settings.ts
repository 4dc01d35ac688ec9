import { isIP } from 'node:net'
import { dirname } from 'node:path'
import { Environment } from '../../schemas/environment.ts'
import { attempt, checkUrl, listOf, type SettingsSource } from '../config/settings-source.ts'
import type { DatabaseConfig } from '../database/database.ts'
import { parseUsd } from '../price/usd.ts'

const DEFAULT_DATABASE_URL = 'sqlite:data/power-oracle.db'
/** What the service keeps beside a database that is no file. */
const DEFAULT_DATA_FOLDER = 'data'

/** The paid routes, by the name that their price goes under. */
export type PricedRoute = 'compute_power' | 'revisions'

/** Where the service listens, what it stores and charges, and what it limits. */
export interface ServerSettings {
  readonly host: string
  readonly port: number
  /** What challenges, the catalogue and OpenAPI name; undefined: taken from the address that the service listens on. */
  readonly publicUrl: string | undefined
  readonly production: boolean
  readonly logLevel: string
  readonly trustedProxies: readonly string[]
  readonly database: DatabaseConfig
  /** Where several instances count requests together; undefined: each counts its own. */
  readonly redisUrl: string | undefined
  /** Folder for what the service keeps beside the database; undefined: it keeps nothing. */
  readonly dataFolder: string | undefined
  readonly priceMicroUsd: Readonly<Record<PricedRoute, bigint>>
  readonly requestsPerMinute: number
  readonly challengesPerMinute: number
  readonly bodyLimitBytes: number
}

/** Reads the settings of the service itself. */
export function readServer(source: SettingsSource): ServerSettings {
  const { environment, secrets, production } = source
  const database = readDatabase(source, secrets.DATABASE_URL ?? DEFAULT_DATABASE_URL)
  const publicUrl = environment.PUBLIC_URL?.replace(/\/+$/, '')
  checkUrl(source, 'PUBLIC_URL', publicUrl)
  return {
    host: environment.HOST,
    port: environment.PORT,
    publicUrl,
    production,
    logLevel: environment.LOG_LEVEL,
    trustedProxies: readProxies(source),
    database,
    redisUrl: secrets.REDIS_URL,
    dataFolder: dataFolderOf(database),
    priceMicroUsd: readPrices(source),
    requestsPerMinute: environment.RATE_LIMIT_PER_MINUTE,
    challengesPerMinute: environment.CHALLENGES_PER_MINUTE,
    bodyLimitBytes: environment.BODY_LIMIT_BYTES
  }
}

function readPrices(source: SettingsSource): ServerSettings['priceMicroUsd'] {
  const { environment } = source
  type Name = 'PRICE_USD' | 'PRICE_USD_COMPUTE_POWER' | 'PRICE_USD_REVISIONS'
  const read = (name: Name, value: string) =>
    attempt(source, name, Environment.properties[name].description ?? '', () => parseUsd(value)) ?? 1n
  const usual = read('PRICE_USD', environment.PRICE_USD)
  const priceOf = (name: Exclude<Name, 'PRICE_USD'>) => {
    const own = environment[name]
    return own === undefined ? usual : read(name, own)
  }
  return { compute_power: priceOf('PRICE_USD_COMPUTE_POWER'), revisions: priceOf('PRICE_USD_REVISIONS') }
}

function readDatabase({ problems }: SettingsSource, url: string): DatabaseConfig {
  if (url.startsWith('sqlite:')) return { kind: 'sqlite', path: url.slice('sqlite:'.length) }
  if (!isWholeUrl(url))
    problems.push(
      'DATABASE_URL: must be postgres://user:password@host:port/database, special characters percent-encoded'
    )
  return { kind: 'postgres', url }
}

/** A password with a bare `/`, `?`, `#` or `@` would be read as another part, and show in messages about that part. */
function isWholeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { pathname, search, hash, password } = new URL(url)
  try {
    decodeURIComponent(password)
  } catch {
    return false
  }
  return hash === '' && !`${pathname}${search}`.includes('@') && url.split('@').length <= 2
}

function dataFolderOf(database: DatabaseConfig): string | undefined {
  if (database.kind === 'postgres') return DEFAULT_DATA_FOLDER
  return database.path === ':memory:' ? undefined : dirname(database.path)
}

function readProxies({ environment, problems }: SettingsSource): string[] {
  const proxies = listOf(environment.TRUST_PROXY)
  if (!proxies.every(isRange))
    problems.push('TRUST_PROXY: must be addresses or CIDR ranges of proxies, comma-separated')
  return proxies
}

/** An address, or one with a prefix length. */
function isRange(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/')
  const bits = isIP(address) === 6 ? 128 : 32
  return (
    isIP(address) !== 0 && rest.length === 0 && (length === undefined || (/^\d{1,3}$/.test(length) && +length <= bits))
  )
}
