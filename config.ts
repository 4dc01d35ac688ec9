import { assertNoProblems, openSettings } from './lib/config/settings-source.ts'
import { type L402Settings, readL402 } from './lib/l402/l402-settings.ts'
import { type LightningConfig, readLightning } from './lib/lightning/lightning-settings.ts'
import { type MetricsSettings, readMetrics } from './lib/metrics/metrics-settings.ts'
import { type RateConfig, readRate } from './lib/price/price-settings.ts'
import { readServer, type ServerSettings } from './lib/server/server-settings.ts'
import { readTracing, type TracingSettings } from './lib/tracing/tracing-settings.ts'
import { readX402, type X402Settings } from './lib/x402/x402-settings.ts'

/** Everything an operator can set, read once and checked: the settings of each part. */
export interface Config extends ServerSettings, L402Settings, X402Settings, MetricsSettings, TracingSettings {
  readonly lightning: LightningConfig
  readonly rate: RateConfig
}

/**
 * Reads and checks every setting; secrets may come from a file named by `<NAME>_FILE`. A part's settings are added here.
 * @throws ConfigError with one line per problem, naming the variable and what it takes
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const source = openSettings(variables)
  const lightning = readLightning(source)
  const config = {
    ...readServer(source),
    lightning,
    rate: readRate(source, lightning.kind),
    ...readL402(source, lightning.kind !== 'off'),
    ...readX402(source),
    ...readMetrics(source),
    ...readTracing(source)
  }
  assertNoProblems(source)
  return config
}
