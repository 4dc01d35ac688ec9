import type { SettingsSource } from '../config/settings-source.ts'

/** Where figures for Prometheus are served. */
export interface MetricsConfig {
  readonly host: string
  /** 0 chooses a free one. */
  readonly port: number
}

export interface MetricsSettings {
  /** Undefined: nothing is measured. */
  readonly metrics: MetricsConfig | undefined
}

/** Reads the settings of the metrics. */
export function readMetrics({ environment }: SettingsSource): MetricsSettings {
  const { METRICS: isOn, METRICS_HOST: host, METRICS_PORT: port } = environment
  return { metrics: isOn === 'on' ? { host, port } : undefined }
}
