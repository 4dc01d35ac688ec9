import { Type } from '@sinclair/typebox'
import { HOST_NAME, text, wholeNumber } from '../../schemas/setting.ts'
import type { SettingsSource } from '../config/settings-source.ts'

const VARIABLES = {
  METRICS: text('^(on|off)$', 'on or off'),
  METRICS_HOST: Type.String({ ...HOST_NAME, default: '127.0.0.1' }),
  METRICS_PORT: wholeNumber(0, 65_535, 9464)
}

/** The address of the Prometheus endpoint. */
export interface MetricsConfig {
  readonly host: string
  /** 0 chooses a free one. */
  readonly port: number
}

export interface MetricsSettings {
  /** Undefined: metrics are off. */
  readonly metrics: MetricsConfig | undefined
}

/** Reads the settings of the metrics. */
export function readMetrics(source: SettingsSource): MetricsSettings {
  const { environment } = source.read(VARIABLES)
  const { METRICS: isOn, METRICS_HOST: host, METRICS_PORT: port } = environment
  return { metrics: isOn === 'on' ? { host, port } : undefined }
}
