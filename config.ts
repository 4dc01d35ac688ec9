import type { TProperties } from '@sinclair/typebox'
import { SettingsSource } from './lib/config/settings-source.ts'
import type { DatabaseConfig } from './lib/database/database.ts'
import { type MetricsSettings, readMetrics } from './lib/metrics/metrics-settings.ts'
import { type RateConfig, readRate } from './lib/price/price-settings.ts'
import { readServer, type ServerSettings } from './lib/server/server-settings.ts'
import { readTracing, type TracingSettings } from './lib/tracing/tracing-settings.ts'
import { RAILS, type RailSettings } from './plugins/rails/index.ts'

/** Everything an operator can set, read once and checked: the settings of each part. */
export interface Config extends ServerSettings, RailSettings, MetricsSettings, TracingSettings {
  readonly rate: RateConfig
}

/**
 * Reads and checks every setting; secrets may come from a file named by `<NAME>_FILE`.
 * @throws ConfigError with one line per problem: the variable and its valid values
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const source = new SettingsSource(variables)
  const config = readParts(source)
  source.assertNoProblems()
  return config
}

/**
 * Reads only what names the database, for commands: an operator need not set what only the service needs.
 * @throws ConfigError with one line per problem
 */
export function loadDatabase(variables: Readonly<Record<string, string | undefined>>): DatabaseConfig {
  const source = new SettingsSource(variables)
  const { database } = readServer(source)
  source.assertNoProblems()
  return database
}

/** The schema of every variable that this program reads. */
export function everyVariable(): TProperties {
  const source = new SettingsSource({})
  readParts(source)
  return source.variables
}

/** The readers of all parts; a part's settings are added here, a rail's in the rail's own folder. */
function readParts(source: SettingsSource): Config {
  const server = readServer(source)
  const rails = RAILS.map((rail) => rail.readSettings(source))
  const payments = rails.map(({ bitcoin }) => bitcoin)
  return {
    ...server,
    ...(Object.assign({}, ...rails.map(({ settings }) => settings)) as RailSettings),
    rate: readRate(source, payments.find((kind) => kind === 'real') ?? payments.find((kind) => kind === 'play')),
    ...readMetrics(source),
    ...readTracing(source)
  }
}
