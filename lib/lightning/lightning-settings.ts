import { path, secret, text } from '../../schemas/setting.ts'
import type { SettingsSource } from '../config/settings-source.ts'
import { isPemCertificate, toBase64 } from './lnd-credentials.ts'
import type { LndNodeOptions } from './lnd-node.ts'

const TCP_PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'

const VARIABLES = {
  LIGHTNING: text('^(lnd|embedded|off)$', 'lnd, embedded or off'),
  LND_SOCKET: text(`^([^\\s:]+|\\[[0-9A-Fa-f:]+\\]):${TCP_PORT}$`, 'host:port of LND'),
  LND_TLS_CERT: secret('the TLS certificate of LND, as base64 or hex', { isBytes: true }),
  LND_TLS_CERT_FILE: path,
  LND_MACAROON: secret('an invoice-only macaroon, as base64 or hex', { isBytes: true }),
  LND_MACAROON_FILE: path,
  LND_PRIVATE_HINTS: text('^yes$', 'yes, to add route hints for channels that are not announced')
}

/** Where invoices come from. */
export type LightningConfig =
  | { readonly kind: 'off' }
  | { readonly kind: 'embedded' }
  | ({ readonly kind: 'lnd' } & LndNodeOptions)

/** Reads the settings of the Lightning node: the development wallet where nothing is set, and none in production. */
export function readLightning(source: SettingsSource): LightningConfig {
  const { production, problems } = source
  const { environment, secrets } = source.read(VARIABLES)
  const kind = (environment.LIGHTNING as LightningConfig['kind'] | undefined) ?? (production ? 'off' : 'embedded')
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
