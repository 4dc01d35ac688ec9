import { isIP } from 'node:net'
import { dirname } from 'node:path'
import { type Static, type TObject, Type } from '@sinclair/typebox'
import { HOST_NAME, path, text, URL_PATTERN, wholeNumber } from '../../schemas/setting.ts'
import { attempt, checkUrl, listOf, type SettingsSource } from '../config/settings-source.ts'
import type { DatabaseConfig } from '../database/database.ts'
import { parseUsd } from '../price/usd.ts'

const DEFAULT_DATABASE_URL = 'sqlite:data/power-oracle.db'
/** The default data folder if the database is not a file. */
const DEFAULT_DATA_FOLDER = 'data'

/** The paid routes, by the names of their prices. */
export type PricedRoute = 'compute_power' | 'revisions'

const PRICE = {
  pattern: '^(0|[1-9][0-9]{0,3})(\\.[0-9]{1,6})?$',
  description: 'a decimal amount of US dollars above zero and below 10000, with at most 6 decimals'
}

/** The variables of the service itself; the price of each paid route is one of them. */
const VARIABLES = {
  HOST: Type.String({ ...HOST_NAME, default: '127.0.0.1' }),
  PORT: wholeNumber(0, 65_535, 3000),
  PUBLIC_URL: text(URL_PATTERN, 'an http or https URL without query'),
  LOG_LEVEL: Type.String({
    pattern: '^(fatal|error|warn|info|debug|trace|silent)$',
    default: 'info',
    description: 'fatal, error, warn, info, debug, trace or silent'
  }),
  TRUST_PROXY: text('^[0-9A-Fa-f:./, ]*$', 'addresses or CIDR ranges of proxies, comma-separated'),
  DATABASE_URL: text('^(sqlite:.+|postgres(ql)?://.+)$', 'sqlite:<path>, sqlite::memory: or postgres://…'),
  DATABASE_URL_FILE: path,
  REDIS_URL: text('^rediss?://.+$', 'a redis:// or rediss:// URL, for rate limits that instances share'),
  REDIS_URL_FILE: path,
  PRICE_USD: Type.String({ ...PRICE, default: '0.10' }),
  PRICE_USD_COMPUTE_POWER: Type.Optional(Type.String(PRICE)),
  PRICE_USD_REVISIONS: Type.Optional(Type.String(PRICE)),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 999_999_999, 600),
  CHALLENGES_PER_MINUTE: wholeNumber(1, 999_999_999, 60),
  BODY_LIMIT_BYTES: wholeNumber(1024, 16_777_216, 262_144)
}
type Environment = Static<TObject<typeof VARIABLES>>

/** The service's own settings: address, storage, prices and limits. */
export interface ServerSettings {
  readonly host: string
  readonly port: number
  /** The service's URL in challenges, catalogue and OpenAPI; undefined: derived from the listening address. */
  readonly publicUrl: string | undefined
  readonly production: boolean
  readonly logLevel: string
  readonly trustedProxies: readonly string[]
  readonly database: DatabaseConfig
  /** The Redis in which instances count requests together; undefined: each counts its own. */
  readonly redisUrl: string | undefined
  /** Folder for files beside the database; undefined: none are stored. */
  readonly dataFolder: string | undefined
  readonly priceMicroUsd: Readonly<Record<PricedRoute, bigint>>
  readonly requestsPerMinute: number
  readonly challengesPerMinute: number
  readonly bodyLimitBytes: number
}

/** Reads the settings of the service itself. */
export function readServer(source: SettingsSource): ServerSettings {
  const { environment, secrets } = source.read(VARIABLES)
  const database = readDatabase(source, secrets.DATABASE_URL ?? DEFAULT_DATABASE_URL)
  const publicUrl = environment.PUBLIC_URL?.replace(/\/+$/, '')
  checkUrl(source, 'PUBLIC_URL', publicUrl)
  return {
    host: environment.HOST,
    port: environment.PORT,
    publicUrl,
    production: source.production,
    logLevel: environment.LOG_LEVEL,
    trustedProxies: readProxies(source, environment),
    database,
    redisUrl: secrets.REDIS_URL,
    dataFolder: dataFolderOf(database),
    priceMicroUsd: readPrices(source, environment),
    requestsPerMinute: environment.RATE_LIMIT_PER_MINUTE,
    challengesPerMinute: environment.CHALLENGES_PER_MINUTE,
    bodyLimitBytes: environment.BODY_LIMIT_BYTES
  }
}

function readPrices(source: SettingsSource, environment: Environment): ServerSettings['priceMicroUsd'] {
  type Name = 'PRICE_USD' | 'PRICE_USD_COMPUTE_POWER' | 'PRICE_USD_REVISIONS'
  const read = (name: Name, value: string) => attempt(source, name, PRICE.description, () => parseUsd(value)) ?? 1n
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

/** An unescaped `/`, `?`, `#` or `@` in a password would be parsed as another part and appear in messages about it. */
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

function readProxies({ problems }: SettingsSource, environment: Environment): string[] {
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
