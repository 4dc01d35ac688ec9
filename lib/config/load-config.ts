import { isIP } from 'node:net'
import { dirname } from 'node:path'
import { Environment } from '../../schemas/environment.ts'
import type { DatabaseConfig } from '../database/database-config.ts'
import { toBase64 } from '../lightning/to-base64.ts'
import { PriceError } from '../price/errors.ts'
import { builtInSources, type RateSource, resolveSources } from '../price/sources/index.ts'
import { parseUsd } from '../price/usd.ts'
import { type Config, ConfigError, type LightningConfig, type RateConfig } from './config.ts'
import { readMasterSecrets } from './master-secrets.ts'
import { readEnvironment } from './read-environment.ts'
import { readSecrets, type Secret } from './read-secrets.ts'
import { readKey, readX402 } from './read-x402.ts'

/** What one bitcoin is said to cost where invoices are play money. */
const DEVELOPMENT_RATE_USD = '100000'
const DEFAULT_DATABASE_URL = 'sqlite:data/power-oracle.db'
/** What is kept beside a database that is no file. */
const DEFAULT_DATA_FOLDER = 'data'

/**
 * Reads and checks every setting; secrets may come from a file named by `<NAME>_FILE`.
 * @throws ConfigError with one line per problem, naming the variable and what it takes
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const { environment, problems: schemaProblems } = readEnvironment(variables)
  const problems = [...schemaProblems]
  const attempt = <T>(name: string, takes: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch {
      problems.push(`${name}: takes ${takes}`)
      return undefined
    }
  }
  const secrets = readSecrets(variables, environment, problems)
  const production = environment.NODE_ENV === 'production'
  const kind = environment.LIGHTNING ?? (production ? 'off' : 'embedded')
  if (production && kind === 'embedded')
    problems.push('LIGHTNING: takes lnd or off in production; embedded is a development wallet')
  if (production && environment.BTC_USD_FIXED !== undefined)
    problems.push('BTC_USD_FIXED: is not taken in production; leave it unset and the sources are asked')
  if (production && kind !== 'off' && secrets.L402_SECRETS === undefined)
    problems.push('L402_SECRETS: is needed in production; takes keyId:hex64[,keyId:hex64…], the first one mints')
  if (environment.BTC_USD_MAX_AGE_SECONDS < environment.BTC_USD_REFRESH_SECONDS)
    problems.push('BTC_USD_MAX_AGE_SECONDS: takes at least BTC_USD_REFRESH_SECONDS')

  const usd: ReadUsd = (name, value) =>
    attempt(name, Environment.properties[name].description ?? '', () => parseUsd(value)) ?? 1n
  const l402Secrets =
    secrets.L402_SECRETS === undefined
      ? undefined
      : attempt('L402_SECRETS', 'keyId:hex64[,keyId:hex64…], key ids once each', () =>
          readMasterSecrets(secrets.L402_SECRETS!)
        )
  const database = readDatabase(secrets.DATABASE_URL ?? DEFAULT_DATABASE_URL)
  const priceUsd = usd('PRICE_USD', environment.PRICE_USD)
  const priceOf = (name: 'PRICE_USD_COMPUTE_POWER' | 'PRICE_USD_REVISIONS') =>
    environment[name] === undefined ? priceUsd : usd(name, environment[name])
  const priceMicroUsd = { compute_power: priceOf('PRICE_USD_COMPUTE_POWER'), revisions: priceOf('PRICE_USD_REVISIONS') }
  const config: Config = {
    host: environment.HOST,
    port: environment.PORT,
    publicUrl: environment.PUBLIC_URL?.replace(/\/+$/, ''),
    production,
    logLevel: environment.LOG_LEVEL,
    trustedProxies: readProxies(environment.TRUST_PROXY, problems),
    database,
    redisUrl: secrets.REDIS_URL,
    dataFolder: dataFolderOf(database),
    priceMicroUsd,
    lightning: readLightning(kind, environment, secrets, problems),
    rate: readRate(kind, environment, usd, problems),
    x402: readX402(environment, secrets, production, problems),
    receiptKey: readKey('X402_RECEIPT_KEY', secrets, problems),
    l402Secrets,
    invoiceExpirySeconds: environment.L402_INVOICE_EXPIRY_SECONDS,
    redeemSeconds: environment.L402_REDEEM_SECONDS,
    requestsPerMinute: environment.RATE_LIMIT_PER_MINUTE,
    challengesPerMinute: environment.CHALLENGES_PER_MINUTE,
    bodyLimitBytes: environment.BODY_LIMIT_BYTES
  }
  for (const [name, url] of Object.entries({
    PUBLIC_URL: config.publicUrl,
    X402_FACILITATOR_URL: environment.X402_FACILITATOR_URL,
    X402_RPC_URL: secrets.X402_RPC_URL
  }))
    if (url !== undefined && !URL.canParse(url)) problems.push(`${name}: takes a URL`)
  if (problems.length > 0) throw new ConfigError(onceEach(problems))
  return config
}

type ReadUsd = (
  name: 'PRICE_USD' | 'PRICE_USD_COMPUTE_POWER' | 'PRICE_USD_REVISIONS' | 'BTC_USD_FIXED',
  value: string
) => bigint

/** What is wrong is not missing too. */
function onceEach(problems: readonly string[]): string[] {
  const nameOf = (problem: string) => problem.slice(0, problem.indexOf(':')).replace(/_FILE$/, '')
  const isMissing = (problem: string) => problem.includes(': is needed')
  const wrong = new Set(problems.filter((problem) => !isMissing(problem)).map(nameOf))
  return problems.filter((problem) => !isMissing(problem) || !wrong.has(nameOf(problem)))
}

function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function readDatabase(url: string): DatabaseConfig {
  return url.startsWith('sqlite:') ? { kind: 'sqlite', path: url.slice('sqlite:'.length) } : { kind: 'postgres', url }
}

function dataFolderOf(database: DatabaseConfig): string | undefined {
  if (database.kind === 'postgres') return DEFAULT_DATA_FOLDER
  return database.path === ':memory:' ? undefined : dirname(database.path)
}

function readProxies(value: string | undefined, problems: string[]): string[] {
  const proxies = list(value)
  const isRange = (entry: string) => {
    const [address = '', length, ...rest] = entry.split('/')
    const bits = isIP(address) === 6 ? 128 : 32
    return (
      isIP(address) !== 0 &&
      rest.length === 0 &&
      (length === undefined || (/^\d{1,3}$/.test(length) && +length <= bits))
    )
  }
  if (!proxies.every(isRange)) problems.push('TRUST_PROXY: takes addresses or CIDR ranges of proxies, comma-separated')
  return proxies
}

function readLightning(
  kind: string,
  environment: Environment,
  secrets: Partial<Record<Secret, string>>,
  problems: string[]
): LightningConfig {
  if (kind !== 'lnd') return { kind: kind === 'embedded' ? 'embedded' : 'off' }
  const { LND_TLS_CERT: tlsCert = '', LND_MACAROON: macaroon = '' } = secrets
  const socket = environment.LND_SOCKET ?? ''
  if (socket === '') problems.push('LND_SOCKET: is needed with LIGHTNING=lnd; takes host:port')
  if (tlsCert === '')
    problems.push('LND_TLS_CERT: is needed with LIGHTNING=lnd; takes base64 or hex, or LND_TLS_CERT_FILE')
  if (macaroon === '')
    problems.push('LND_MACAROON: is needed with LIGHTNING=lnd; takes base64 or hex, or LND_MACAROON_FILE')
  const asBase64 = (name: Secret, value: string): string => {
    // The LND client takes anything here and fails at its first call. Hex has no letter that base64 lacks.
    if (!/^[A-Za-z0-9+/_\r\n-]*={0,2}[\r\n]*$/.test(value)) problems.push(`${name}: takes base64 or hex`)
    return toBase64(value)
  }
  return {
    kind: 'lnd',
    socket,
    cert: asBase64('LND_TLS_CERT', tlsCert),
    macaroon: asBase64('LND_MACAROON', macaroon)
  }
}

function readRate(lightning: string, environment: Environment, usd: ReadUsd, problems: string[]): RateConfig {
  if (environment.BTC_USD_FIXED !== undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: usd('BTC_USD_FIXED', environment.BTC_USD_FIXED), why: 'BTC_USD_FIXED' }
  if (lightning === 'off') return { kind: 'off' }
  if (lightning === 'embedded' && environment.BTC_USD_SOURCES === undefined)
    return { kind: 'fixed', rateMicroUsdPerBtc: parseUsd(DEVELOPMENT_RATE_USD), why: 'development rate' }
  return {
    kind: 'sources',
    sources: readSources(environment.BTC_USD_SOURCES, problems),
    refreshSeconds: environment.BTC_USD_REFRESH_SECONDS,
    maxAgeSeconds: environment.BTC_USD_MAX_AGE_SECONDS
  }
}

function readSources(value: string | undefined, problems: string[]): readonly RateSource[] {
  if (value === undefined) return builtInSources
  try {
    return resolveSources(list(value))
  } catch (error) {
    if (!(error instanceof PriceError)) throw error
    problems.push(`BTC_USD_SOURCES: ${error.message}`)
    return []
  }
}
