import { path, secret, wholeNumber } from '../../schemas/setting.ts'
import { attempt, type SettingsSource } from '../config/settings-source.ts'
import { type MasterSecret, readMasterSecrets } from './master-secret.ts'

const VARIABLES = {
  L402_SECRETS: secret('keyId:hex64[,keyId:hex64…]; the first entry mints'),
  L402_SECRETS_FILE: path,
  L402_INVOICE_EXPIRY_SECONDS: wholeNumber(60, 86_400, 600),
  L402_REDEEM_SECONDS: wholeNumber(60, 31_536_000, 86_400)
}

/** The settings of the L402 rail. */
export interface L402Settings {
  /** Undefined: created at the first start, kept in the data folder. */
  readonly l402Secrets: readonly MasterSecret[] | undefined
  readonly invoiceExpirySeconds: number
  /** How long a token outlives its invoice. */
  readonly redeemSeconds: number
}

/** @param isSold whether a Lightning node is configured: production then needs secrets of its own */
export function readL402(source: SettingsSource, isSold: boolean): L402Settings {
  const { production, problems } = source
  const { environment, secrets } = source.read(VARIABLES)
  const text = secrets.L402_SECRETS
  if (production && isSold && text === undefined)
    problems.push('L402_SECRETS: is required in production; must be keyId:hex64[,keyId:hex64…]; the first entry mints')
  return {
    l402Secrets:
      text === undefined
        ? undefined
        : attempt(source, 'L402_SECRETS', 'keyId:hex64[,keyId:hex64…] with distinct key ids', () =>
            readMasterSecrets(text)
          ),
    invoiceExpirySeconds: environment.L402_INVOICE_EXPIRY_SECONDS,
    redeemSeconds: environment.L402_REDEEM_SECONDS
  }
}
