import { buildApp } from '../app.ts'
import { loadConfig } from '../config.ts'

/** A self-signed certificate that belongs to no server. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBezCCASGgAwIBAgIUJ/pqoQYpga8osE+oPH7XUaAQUzMwCgYIKoZIzj0EAwIw',
  'EjEQMA4GA1UEAwwHZXhhbXBsZTAgFw0yNjExMjgwODUzMDRaGA8yMTI2MTEwNDA4',
  'NTMwNFowEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH',
  'A0IABLrI3SiNwdcs8Boc1+iVhrqP+NkV734ah2hgI2gxe31y/MABHXsJDZ644vUU',
  'fBmKH+Be3bxxe8w+QWLd0lLAUFKjUzBRMB0GA1UdDgQWBBQhyOQQUSCqY2kMHqrz',
  '2Vd36HTebDAfBgNVHSMEGDAWgBQhyOQQUSCqY2kMHqrz2Vd36HTebDAPBgNVHRMB',
  'Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDqYQR6hA2mc172E62IJlmvaC6L',
  'rKdmHXNJ6Ek7wm+XigIgaYqFCn6HxK7/ZZ4s/gpH5XyfpbYBLQ9kSKW62xOOhTs=',
  '-----END CERTIFICATE-----'
].join('\n')

/**
 * A service with every rail, as in production. The values only have to be well-formed: the document depends on which
 * rails are configured, and no connection to any of them is needed to write it.
 */
const ENVIRONMENT = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://power.example',
  DATABASE_URL: 'sqlite::memory:',
  PRICE_USD: '0.10',
  LIGHTNING: 'lnd',
  LND_SOCKET: '127.0.0.1:9',
  LND_TLS_CERT: Buffer.from(CERTIFICATE).toString('base64'),
  LND_MACAROON: Buffer.from('macaroon').toString('base64'),
  L402_SECRETS: `1:${'0123456789abcdef'.repeat(4)}`,
  BTC_USD_SOURCES: 'http://127.0.0.1:9/',
  X402: 'facilitator',
  X402_FACILITATOR_URL: 'http://127.0.0.1:9',
  X402_TRUST_FACILITATOR: 'yes',
  X402_PAY_TO: '0x0000000000000000000000000000000000000001',
  X402_NETWORK: 'eip155:8453',
  X402_ASSET: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  X402_ASSET_NAME: 'USD Coin',
  X402_ASSET_VERSION: '2',
  X402_ASSET_DECIMALS: '6'
}

/** The OpenAPI document of a service with every rail, as text. */
export async function openapiText(): Promise<string> {
  const app = await buildApp(loadConfig(ENVIRONMENT))
  try {
    const answer = await app.inject('/openapi.json')
    return `${JSON.stringify(answer.json(), null, 2)}\n`
  } finally {
    await app.close()
  }
}
