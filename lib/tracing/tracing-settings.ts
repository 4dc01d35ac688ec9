import { text, URL_PATTERN } from '../../schemas/setting.ts'
import { checkUrl, type SettingsSource } from '../config/settings-source.ts'

const VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text(URL_PATTERN, 'an http or https URL without query')
}

export interface TracingSettings {
  /** An OTLP receiver's base URL, without a trailing slash; undefined: tracing is off. */
  readonly tracesEndpoint: string | undefined
}

/** Reads the tracing settings. */
export function readTracing(source: SettingsSource): TracingSettings {
  const endpoint = source.read(VARIABLES).environment.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '')
  checkUrl(source, 'OTEL_EXPORTER_OTLP_ENDPOINT', endpoint)
  return { tracesEndpoint: endpoint }
}
