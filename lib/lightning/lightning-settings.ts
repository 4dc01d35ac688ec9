import type { SettingsSource } from '../config/settings-source.ts'
import { toBase64 } from './to-base64.ts'

/** Where invoices come from. Certificate and macaroon are base64. */
export type LightningConfig =
  | { readonly kind: 'off' }
  | { readonly kind: 'embedded' }
  | { readonly kind: 'lnd'; readonly socket: string; readonly cert: string; readonly macaroon: string }

/** Which node makes invoices: the development wallet where nothing is set, and none in production. */
export function lightningKind({ environment, production }: SettingsSource): LightningConfig['kind'] {
  return (environment.LIGHTNING as LightningConfig['kind'] | undefined) ?? (production ? 'off' : 'embedded')
}

/** Reads the settings of the Lightning node. */
export function readLightning(source: SettingsSource): LightningConfig {
  const { environment, secrets, production, problems } = source
  const kind = lightningKind(source)
  if (production && kind === 'embedded')
    problems.push('LIGHTNING: takes lnd or off in production; embedded is a development wallet')
  if (kind !== 'lnd') return { kind }
  const { LND_TLS_CERT: tlsCert = '', LND_MACAROON: macaroon = '' } = secrets
  const socket = environment.LND_SOCKET ?? ''
  if (socket === '') problems.push('LND_SOCKET: is needed with LIGHTNING=lnd; takes host:port')
  if (tlsCert === '')
    problems.push('LND_TLS_CERT: is needed with LIGHTNING=lnd; takes base64 or hex, or LND_TLS_CERT_FILE')
  if (macaroon === '')
    problems.push('LND_MACAROON: is needed with LIGHTNING=lnd; takes base64 or hex, or LND_MACAROON_FILE')
  const asBase64 = (name: string, value: string): string => {
    // The LND client accepts any text and fails at its first call. Every hex digit is a base64 letter too.
    if (!/^[A-Za-z0-9+/_\r\n-]*={0,2}[\r\n]*$/.test(value)) problems.push(`${name}: takes base64 or hex`)
    return toBase64(value)
  }
  return {
    kind,
    socket,
    cert: asBase64('LND_TLS_CERT', tlsCert),
    macaroon: asBase64('LND_MACAROON', macaroon)
  }
}
