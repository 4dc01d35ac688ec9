import type { SettingsSource } from '../config/settings-source.ts'
import { isPemCertificate, toBase64 } from './lnd-credentials.ts'
import type { LndNodeOptions } from './lnd-node.ts'

/** Where invoices come from. */
export type LightningConfig =
  | { readonly kind: 'off' }
  | { readonly kind: 'embedded' }
  | ({ readonly kind: 'lnd' } & LndNodeOptions)

/** Which node makes invoices: the development wallet where nothing is set, and none in production. */
export function lightningKind({ environment, production }: SettingsSource): LightningConfig['kind'] {
  return (environment.LIGHTNING as LightningConfig['kind'] | undefined) ?? (production ? 'off' : 'embedded')
}

/** Reads the settings of the Lightning node. */
export function readLightning(source: SettingsSource): LightningConfig {
  const { environment, secrets, production, problems } = source
  const kind = lightningKind(source)
  if (production && kind === 'embedded')
    problems.push('LIGHTNING: must be lnd or off in production; embedded is a development wallet')
  if (kind !== 'lnd') return { kind }
  const { LND_TLS_CERT: tlsCert = '', LND_MACAROON: macaroon = '' } = secrets
  const socket = environment.LND_SOCKET ?? ''
  if (socket === '') problems.push('LND_SOCKET: is required with LIGHTNING=lnd; must be host:port')
  if (tlsCert === '')
    problems.push('LND_TLS_CERT: is required with LIGHTNING=lnd; must be base64 or hex; or set LND_TLS_CERT_FILE')
  if (macaroon === '')
    problems.push('LND_MACAROON: is required with LIGHTNING=lnd; must be base64 or hex; or set LND_MACAROON_FILE')
  const asBase64 = (name: string, value: string): string => {
    // The LND client accepts any text and fails at its first call. Every hex digit is a base64 letter too.
    if (!/^[A-Za-z0-9+/_\r\n-]*={0,2}[\r\n]*$/.test(value)) problems.push(`${name}: must be base64 or hex`)
    else if (name === 'LND_TLS_CERT' && value !== '' && !isPemCertificate(toBase64(value)))
      problems.push(
        `${environment.LND_TLS_CERT_FILE === undefined ? name : `${name}_FILE`}: must be a certificate in PEM form`
      )
    return toBase64(value)
  }
  return {
    kind,
    socket,
    cert: { base64: asBase64('LND_TLS_CERT', tlsCert), file: environment.LND_TLS_CERT_FILE },
    macaroon: { base64: asBase64('LND_MACAROON', macaroon), file: environment.LND_MACAROON_FILE },
    privateHints: environment.LND_PRIVATE_HINTS === 'yes'
  }
}
