import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import { type Config, loadConfig } from '../../../config.ts'
import { ConfigError } from '../../../lib/config/settings-source.ts'
import { welcome } from '../../../lib/docs/welcome.ts'
import { developmentSecrets, readMasterSecrets } from '../../../lib/l402/master-secret.ts'
import { builtInSources } from '../../../lib/price/sources.ts'
import { l402Welcome } from '../../../plugins/rails/l402/docs.ts'
import { x402Welcome } from '../../../plugins/rails/x402/docs.ts'
import { CERTIFICATE } from '../lightning/certificates.ts'
import { expectProblems, filesIn, folder, HEX, PRODUCTION, problemsOf, type Variables } from './helpers.ts'

const LND = { LIGHTNING: 'lnd', LND_SOCKET: 'lnd:10009', LND_TLS_CERT: CERTIFICATE, LND_MACAROON: '0201036c6e64' }

t.test('nothing set: everything embedded, on loopback', async (t) => {
  const expected: Config = {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: undefined,
    production: false,
    logLevel: 'info',
    trustedProxies: [],
    database: { kind: 'sqlite', path: 'data/power-oracle.db' },
    redisUrl: undefined,
    dataFolder: 'data',
    priceMicroUsd: { compute_power: 100_000n, revisions: 100_000n },
    lightning: { kind: 'embedded' },
    rate: { kind: 'fixed', rateMicroUsdPerBtc: 100_000_000_000n, why: 'development rate' },
    x402: { kind: 'embedded' },
    receiptKey: undefined,
    l402Secrets: undefined,
    invoiceExpirySeconds: 600,
    redeemSeconds: 86_400,
    requestsPerMinute: 600,
    challengesPerMinute: 60,
    bodyLimitBytes: 262_144,
    metrics: undefined,
    tracesEndpoint: undefined
  }
  t.strictSame(loadConfig({}), expected)
  t.strictSame(loadConfig({ PORT: '', LIGHTNING: '', L402_SECRETS: '', HOME: '/root', POWER: 'x' }), expected, 'empty')
  t.strictSame(loadConfig({ NODE_ENV: 'development' }), expected)
})

t.test('every setting is taken', async (t) => {
  const cases: [Variables, object][] = [
    [
      { HOST: '::1', PORT: '0' },
      { host: '::1', port: 0 }
    ],
    [{ PUBLIC_URL: 'https://power.example/api//' }, { publicUrl: 'https://power.example/api' }],
    [{ LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
    [{ METRICS: 'off' }, { metrics: undefined }],
    [{ METRICS: 'on' }, { metrics: { host: '127.0.0.1', port: 9464 } }],
    [{ METRICS: 'on', METRICS_HOST: '::', METRICS_PORT: '0' }, { metrics: { host: '::', port: 0 } }],
    [{ TRUST_PROXY: '10.0.0.1, 10.1.0.0/16,,::1' }, { trustedProxies: ['10.0.0.1', '10.1.0.0/16', '::1'] }],
    [{ DATABASE_URL: 'sqlite::memory:' }, { database: { kind: 'sqlite', path: ':memory:' }, dataFolder: undefined }],
    [
      { DATABASE_URL: 'sqlite:/var/lib/p/l.db' },
      { database: { kind: 'sqlite', path: '/var/lib/p/l.db' }, dataFolder: '/var/lib/p' }
    ],
    ...[
      'postgres://oracle:pass@db:5432/oracle?sslmode=require',
      'postgresql://db/oracle',
      'postgres:///oracle?host=/run/pg'
    ].map((url): [Variables, object] => [
      { DATABASE_URL: url },
      { database: { kind: 'postgres', url }, dataFolder: 'data' }
    ]),
    ...['redis://cache:6379/2', 'rediss://:pass@cache'].map((url): [Variables, object] => [
      { REDIS_URL: url },
      { redisUrl: url }
    ]),
    [{ PRICE_USD: '0.25' }, { priceMicroUsd: { compute_power: 250_000n, revisions: 250_000n } }],
    [
      { PRICE_USD: '0.25', PRICE_USD_COMPUTE_POWER: '0.000001' },
      { priceMicroUsd: { compute_power: 1n, revisions: 250_000n } }
    ],
    [{ PRICE_USD_REVISIONS: '0.02' }, { priceMicroUsd: { compute_power: 100_000n, revisions: 20_000n } }],
    [{ LIGHTNING: 'off' }, { lightning: { kind: 'off' } }],
    [
      LND,
      {
        lightning: {
          kind: 'lnd',
          socket: 'lnd:10009',
          cert: { base64: CERTIFICATE, file: undefined },
          macaroon: { base64: 'AgEDbG5k', file: undefined },
          privateHints: false
        }
      }
    ],
    [{ ...LND, LND_PRIVATE_HINTS: 'yes' }, { lightning: { privateHints: true } }],
    [{ ...LND, LND_SOCKET: '[::1]:10009' }, { lightning: { socket: '[::1]:10009' } }],
    [LND, { rate: { kind: 'sources', sources: builtInSources, refreshSeconds: 60, maxAgeSeconds: 900 } }],
    [{ BTC_USD_SOURCES: 'kraken, coinbase' }, { rate: { sources: [{ name: 'kraken' }, { name: 'coinbase' }] } }],
    [
      { ...LND, BTC_USD_REFRESH_SECONDS: '5', BTC_USD_MAX_AGE_SECONDS: '5' },
      { rate: { refreshSeconds: 5, maxAgeSeconds: 5 } }
    ],
    [
      { BTC_USD_FIXED: '67000.5', BTC_USD_SOURCES: 'kraken' },
      { rate: { kind: 'fixed', rateMicroUsdPerBtc: 67_000_500_000n, why: 'BTC_USD_FIXED' } }
    ],
    [{ L402_SECRETS: `2:${HEX},1:${'ab'.repeat(32)}` }, { l402Secrets: [{ keyId: 2 }, { keyId: 1 }] }],
    [
      { L402_INVOICE_EXPIRY_SECONDS: '60', L402_REDEEM_SECONDS: '61' },
      { invoiceExpirySeconds: 60, redeemSeconds: 61 }
    ],
    [
      { RATE_LIMIT_PER_MINUTE: '1', CHALLENGES_PER_MINUTE: '2' },
      { requestsPerMinute: 1, challengesPerMinute: 2 }
    ],
    [{ BODY_LIMIT_BYTES: '1024' }, { bodyLimitBytes: 1024 }],
    [PRODUCTION, { production: true, lightning: { kind: 'off' }, x402: { kind: 'off' } }],
    [
      { ...PRODUCTION, ...LND },
      { production: true, lightning: { kind: 'lnd' }, rate: { kind: 'sources' } }
    ],
    [{ NODE_ENV: 'production' }, { lightning: { kind: 'off' }, l402Secrets: undefined }]
  ]
  for (const [variables, expected] of cases) t.match(loadConfig(variables), expected, JSON.stringify(variables))
})

t.test('each mistake is one line that names the variable and what it takes', async (t) => {
  const cases: [Variables, ...RegExp[]][] = [
    [{ HOST: 'two words' }, /^HOST: must be an address or a host name$/],
    [{ PORT: '65536' }, /^PORT: must be a whole number from 0 to 65535$/],
    [{ PORT: '-1' }, /^PORT: must be/],
    [{ PORT: '80.5' }, /^PORT: must be/],
    [{ PORT: 'http' }, /^PORT: must be/],
    [{ PUBLIC_URL: 'power.example' }, /^PUBLIC_URL: must be an http or https URL without query$/],
    ...['https://[', 'https://%', 'https://power.example:99999'].map((url): [Variables, ...RegExp[]] => [
      { PUBLIC_URL: url },
      /^PUBLIC_URL: must be a URL$/
    ]),
    [{ PUBLIC_URL: 'https://user:pass@power.example' }, /^PUBLIC_URL: must be/],
    [{ PUBLIC_URL: 'https://power.example/?a=b' }, /^PUBLIC_URL: must be/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: must be fatal, .* or silent$/],
    [{ TRUST_PROXY: 'loopback' }, /^TRUST_PROXY: must be addresses/],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL: must be sqlite:/],
    [{ DATABASE_URL: 'sqlite:' }, /^DATABASE_URL: must be/],
    [{ DATABASE_URL: 'postgres://' }, /^DATABASE_URL: must be/],
    [{ DATABASE_URL: 'data/power-oracle.db' }, /^DATABASE_URL: must be sqlite:<path>, sqlite::memory: or postgres:/],
    [{ REDIS_URL: 'cache:6379' }, /^REDIS_URL: must be a redis:/],
    [{ REDIS_URL: 'http://cache' }, /^REDIS_URL: must be/],
    [
      { PRICE_USD_REVISIONS: '0' },
      /^PRICE_USD_REVISIONS: must be a decimal amount of US dollars above zero and below 10000, with at most 6 decimals$/
    ],
    [{ PRICE_USD_REVISIONS: 'free' }, /^PRICE_USD_REVISIONS: must be a decimal/],
    [
      { PRICE_USD: '0' },
      /^PRICE_USD: must be a decimal amount of US dollars above zero and below 10000, with at most 6 decimals$/
    ],
    [{ PRICE_USD: '0.00' }, /^PRICE_USD: must be/],
    [{ PRICE_USD: '-1' }, /^PRICE_USD: must be/],
    [{ PRICE_USD: '0.1 USD' }, /^PRICE_USD: must be/],
    [{ PRICE_USD: '0.0000001' }, /^PRICE_USD: must be/],
    [{ PRICE_USD_COMPUTE_POWER: 'free' }, /^PRICE_USD_COMPUTE_POWER: must be a decimal/],
    [{ PRICE_USD_COMPUTE_POWER: '0' }, /^PRICE_USD_COMPUTE_POWER: must be a decimal/],
    [{ LIGHTNING: 'cln' }, /^LIGHTNING: must be lnd, embedded or off$/],
    [{ ...LND, LND_SOCKET: 'lnd' }, /^LND_SOCKET: must be host:port of LND$/],
    [{ ...LND, LND_SOCKET: '127.0.0.1:99999' }, /^LND_SOCKET: must be host:port of LND$/],
    [{ ...LND, LND_SOCKET: undefined }, /^LND_SOCKET: is required with LIGHTNING=lnd; must be host:port$/],
    [{ ...LND, LND_TLS_CERT: undefined }, /^LND_TLS_CERT: is required with LIGHTNING=lnd; must be base64 or hex/],
    [{ ...LND, LND_MACAROON: undefined }, /^LND_MACAROON: is required with LIGHTNING=lnd; must be base64 or hex/],
    [{ LIGHTNING: 'lnd' }, /^LND_SOCKET: /, /^LND_TLS_CERT: /, /^LND_MACAROON: /],
    [{ ...LND, LND_TLS_CERT: '-----BEGIN CERTIFICATE-----' }, /^LND_TLS_CERT: must be base64 or hex$/],
    [{ ...LND, LND_TLS_CERT: 'Y2VydA==' }, /^LND_TLS_CERT: must be a certificate in PEM form$/],
    [{ ...LND, LND_PRIVATE_HINTS: 'on' }, /^LND_PRIVATE_HINTS: must be yes/],
    [{ ...LND, LND_MACAROON: '/lnd/invoice.macaroon.txt' }, /^LND_MACAROON: must be base64 or hex$/],
    [{ L402_SECRETS: HEX }, /^L402_SECRETS: must be keyId:hex64/],
    [{ L402_SECRETS: `1:${HEX}0` }, /^L402_SECRETS: must be/],
    [{ L402_SECRETS: `1:${HEX},1:${'ab'.repeat(32)}` }, /^L402_SECRETS: must be .* with distinct key ids$/],
    [{ L402_SECRETS: `1:${HEX},01:${'ab'.repeat(32)}` }, /^L402_SECRETS: must be/],
    [{ L402_SECRETS: `1:${HEX},` }, /^L402_SECRETS: must be/],
    [{ L402_SECRETS: `4294967296:${HEX}` }, /^L402_SECRETS: must be/],
    [{ L402_SECRETS_FILE: '/nowhere' }, /^L402_SECRETS_FILE: must be the path of a readable file that is not empty$/],
    [{ ...LND, LND_MACAROON: undefined, LND_MACAROON_FILE: '/' }, /^LND_MACAROON_FILE: must be/],
    [{ L402_INVOICE_EXPIRY_SECONDS: '59' }, /^L402_INVOICE_EXPIRY_SECONDS: must be a whole number from 60 to 86400$/],
    [{ L402_REDEEM_SECONDS: '0' }, /^L402_REDEEM_SECONDS: must be/],
    [{ BTC_USD_SOURCES: ',' }, /^BTC_USD_SOURCES: must be names or URLs of price sources, comma-separated$/],
    [{ BTC_USD_FIXED: '0.0000001' }, /^BTC_USD_FIXED: must be .* with at most 6 decimals$/],
    [{ PRICE_USD: '10000' }, /^PRICE_USD: must be .* below 10000/],
    [{ BTC_USD_SOURCES: 'mtgox' }, /^BTC_USD_SOURCES: expected one of coinbase, /],
    [{ BTC_USD_SOURCES: 'kraken,kraken' }, /^BTC_USD_SOURCES: .* more than once$/],
    [{ BTC_USD_SOURCES: 'https://user:pass@x/' }, /^BTC_USD_SOURCES: .* without credentials$/],
    [{ BTC_USD_FIXED: '0' }, /^BTC_USD_FIXED: must be a decimal/],
    [{ BTC_USD_FIXED: '1e5' }, /^BTC_USD_FIXED: must be a decimal/],
    [{ BTC_USD_REFRESH_SECONDS: '0' }, /^BTC_USD_REFRESH_SECONDS: must be/],
    [{ BTC_USD_MAX_AGE_SECONDS: '59' }, /^BTC_USD_MAX_AGE_SECONDS: must be at least BTC_USD_REFRESH_SECONDS$/],
    [{ RATE_LIMIT_PER_MINUTE: '0' }, /^RATE_LIMIT_PER_MINUTE: must be/],
    [{ CHALLENGES_PER_MINUTE: 'many' }, /^CHALLENGES_PER_MINUTE: must be/],
    [{ BODY_LIMIT_BYTES: '1023' }, /^BODY_LIMIT_BYTES: must be a whole number from 1024 to 16777216$/],
    [
      { ...PRODUCTION, LIGHTNING: 'embedded' },
      /^LIGHTNING: must be lnd or off in production; embedded is a development wallet$/
    ],
    [{ ...PRODUCTION, BTC_USD_FIXED: '60000' }, /^BTC_USD_FIXED: is not allowed in production/],
    [
      { ...PRODUCTION, ...LND, L402_SECRETS: undefined },
      /^L402_SECRETS: is required in production; must be keyId:hex64/
    ],
    [
      { PORT: 'x', PRICE_USD: 'x', LIGHTNING: 'x', L402_SECRETS: 'x', BTC_USD_SOURCES: 'x', X402: 'x' },
      /^PORT: /,
      /^PRICE_USD: /,
      /^LIGHTNING: /,
      /^X402: /,
      /^L402_SECRETS: /,
      /^BTC_USD_SOURCES: /
    ]
  ]
  for (const [variables, ...expected] of cases) expectProblems(t, variables, expected)
})

t.test('no message holds a secret, however wrong the settings are', async (t) => {
  const secret = '5ec2e75ec2e7'
  const path = filesIn(t)('secrets', `${secret}:x`)
  const cases: Variables[] = [
    { L402_SECRETS: `1:${secret}` },
    { L402_SECRETS: `${secret}:${HEX},${secret}:${HEX}` },
    { L402_SECRETS_FILE: path },
    { L402_SECRETS: secret, L402_SECRETS_FILE: path },
    { ...PRODUCTION, LIGHTNING: 'lnd', LND_MACAROON: secret, LND_TLS_CERT: `${secret}!` },
    { LIGHTNING: 'lnd', LND_MACAROON: `${secret}!`, LND_TLS_CERT: secret },
    { LIGHTNING: 'lnd', LND_SOCKET: `${secret} x` },
    { PUBLIC_URL: `https://user:${secret}@power.example` },
    { BTC_USD_SOURCES: `https://user:${secret}@power.example` },
    { DATABASE_URL: `postgres:user:${secret}@host/x` },
    { DATABASE_URL_FILE: path },
    { REDIS_URL: `${secret}@cache` },
    { REDIS_URL_FILE: path },
    { X402_SIGNER_KEY: secret, X402: 'self' },
    { X402_SIGNER_KEY: `0x${HEX}${secret}`, X402: 'self' },
    { X402_SIGNER_KEY_FILE: path, X402: 'self' },
    { X402_RECEIPT_KEY: secret },
    { X402_RECEIPT_KEY_FILE: path },
    { X402_RPC_URL: `wss://rpc/${secret}` },
    { X402_RPC_URL_FILE: path },
    { X402_FACILITATOR_TOKEN: secret, X402_FACILITATOR_TOKEN_FILE: path },
    { X402_FACILITATOR_TOKEN: secret, X402: 'facilitator', X402_FACILITATOR_URL: `https://user:${secret}@x402` },
    { X402_PAY_TO: secret, X402_NETWORK: secret, X402_ASSET: secret, X402_ASSET_VERSION: `${secret} ${secret}` },
    { HOST: `${secret} `, PORT: secret, LOG_LEVEL: secret, LIGHTNING: secret, X402: secret, PRICE_USD: `${secret}x` }
  ]
  for (const variables of cases) {
    try {
      loadConfig(variables)
      t.fail(`taken: ${Object.keys(variables)}`)
    } catch (error) {
      t.ok(error instanceof ConfigError, Object.keys(variables).join())
      t.notOk(inspect(error, { depth: 20, showHidden: true }).includes(secret), 'and tells no value')
    }
  }
})

t.test('secrets from files', async (t) => {
  const file = filesIn(t)
  const macaroon = Buffer.from([0x02, 0x01, 0x03, 0xff, 0x00, 0x0a])
  const pem = Buffer.from(CERTIFICATE, 'base64')
  const files = { cert: file('tls.cert', pem), macaroon: file('invoice.macaroon', macaroon) }
  const config = loadConfig({
    LIGHTNING: 'lnd',
    LND_SOCKET: 'lnd:10009',
    LND_TLS_CERT_FILE: files.cert,
    LND_MACAROON_FILE: files.macaroon,
    L402_SECRETS_FILE: file('secrets', `7:${HEX}, 6:${HEX}\n`)
  })
  t.strictSame(config.lightning, {
    kind: 'lnd',
    socket: 'lnd:10009',
    cert: { base64: CERTIFICATE, file: files.cert },
    macaroon: { base64: macaroon.toString('base64'), file: files.macaroon },
    privateHints: false
  })
  t.strictSame(config.l402Secrets, [
    { keyId: 7, secret: Buffer.from(HEX, 'hex') },
    { keyId: 6, secret: Buffer.from(HEX, 'hex') }
  ])
  const secrets = file('secrets', `1:${HEX}`)
  t.match(problemsOf({ L402_SECRETS: `1:${HEX}`, L402_SECRETS_FILE: secrets }), [
    /^L402_SECRETS: is set twice, here and by L402_SECRETS_FILE$/
  ])
  t.match(problemsOf({ ...LND, LND_MACAROON_FILE: secrets }), [/^LND_MACAROON: is set twice/])
})

t.test('every secret may come from a file, and its text is checked like the variable', async (t) => {
  const file = filesIn(t)
  const cases: [name: string, good: string, wrong: string | undefined, read: (config: Config) => unknown][] = [
    [
      'DATABASE_URL',
      'postgres://u:p@db/x',
      'mysql://db',
      ({ database }) => database.kind === 'postgres' && database.url
    ],
    [
      'L402_SECRETS',
      `3:${HEX}`,
      HEX,
      ({ l402Secrets }) => l402Secrets && `3:${l402Secrets[0]?.secret.toString('hex')}`
    ],
    ['REDIS_URL', 'redis://:p@cache', 'cache', ({ redisUrl }) => redisUrl],
    ['X402_RECEIPT_KEY', `0x${HEX}`, 'key', ({ receiptKey }) => receiptKey],
    ['X402_SIGNER_KEY', `0x${HEX}`, `${HEX}5e`, ({ x402 }) => x402.kind === 'self' && x402.signerKey],
    ['X402_RPC_URL', 'https://rpc/key', 'rpc/key', ({ x402 }) => x402.kind === 'facilitator' && x402.rpcUrl],
    ['X402_FACILITATOR_TOKEN', 'bearer', undefined, ({ x402 }) => x402.kind === 'facilitator' && x402.bearerToken]
  ]
  const way = { X402_PAY_TO: `0x${'aa'.repeat(20)}`, X402_FACILITATOR_URL: 'http://x402' }
  for (const [name, good, wrong, read] of cases) {
    const isForSelf = name === 'X402_SIGNER_KEY'
    const others = { ...way, ...(isForSelf ? { X402: 'self', X402_RPC_URL: 'http://rpc' } : { X402: 'facilitator' }) }
    const from = (content: string) => ({ ...others, [name]: undefined, [`${name}_FILE`]: file(name, content) })
    t.equal(read(loadConfig(from(`${good}\n`))), good, name)
    if (wrong !== undefined) expectProblems(t, from(wrong), [new RegExp(`^${name}: must be`)])
    expectProblems(t, { ...from(good), [name]: good }, [
      new RegExp(`^${name}: is set twice, here and by ${name}_FILE$`)
    ])
    t.ok(problemsOf(from(' \n')).includes(`${name}_FILE: must be the path of a readable file that is not empty`), name)
    const gone = { ...from(good), [`${name}_FILE`]: '/nowhere' }
    t.ok(problemsOf(gone).includes(`${name}_FILE: must be the path of a readable file that is not empty`), name)
  }
})

t.test('readMasterSecrets', async (t) => {
  t.strictSame(readMasterSecrets(` 3:${HEX.toUpperCase()} , 999999999:${HEX}\n`), [
    { keyId: 3, secret: Buffer.from(HEX, 'hex') },
    { keyId: 999_999_999, secret: Buffer.from(HEX, 'hex') }
  ])
  for (const text of ['', ':', `:${HEX}`, `-1:${HEX}`, `1:${HEX.slice(2)}`, `1;${HEX}`, `1:${HEX} 2:${HEX}`])
    t.throws(() => readMasterSecrets(text), RangeError, text.slice(0, 10))
})

t.test('development secrets are made once, for their owner alone', async (t) => {
  const path = join(folder(t), 'data')
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  t.strictSame(developmentSecrets(path, first), [{ keyId: 1, secret: first }])
  t.strictSame(developmentSecrets(path, second), [{ keyId: 1, secret: first }], 'kept')
  t.equal(statSync(join(path, 'l402-secrets')).mode & 0o777, 0o600)
  t.strictSame(developmentSecrets(undefined, second), [{ keyId: 1, secret: second }], 'without a folder: not kept')
  writeFileSync(join(path, 'l402-secrets'), `9:${HEX},1:${first.toString('hex')}`)
  t.match(developmentSecrets(path, second), [{ keyId: 9 }, { keyId: 1 }], 'an operator may rotate them there')
  writeFileSync(join(path, 'l402-secrets'), 'broken')
  t.throws(() => developmentSecrets(path, second), RangeError, 'a broken file is not replaced')
  const taken = folder(t)
  mkdirSync(join(taken, 'l402-secrets'))
  t.throws(() => developmentSecrets(taken, second), /EISDIR/)
})

t.test('welcome names the play money, and its lines buy an answer', async (t) => {
  const url = 'http://127.0.0.1:3000'
  const text = welcome(url, loadConfig({}), [...l402Welcome(url), ...x402Welcome(url)])
  t.match(text, /http:\/\/127\.0\.0\.1:3000, 0\.10 USD an answer/)
  t.match(text, /One bitcoin is taken as 100000\.00 USD \(development rate\)/)
  t.match(text, /play money/)
  t.doesNotThrow(() => JSON.parse(/BODY='([^']+)'/.exec(text)![1]!), 'the body is JSON that a shell leaves alone')
  const real = welcome('http://x', loadConfig({ ...PRODUCTION, ...LND }), [])
  t.notMatch(real, /play money|counts as/)
  t.notOk(real.includes(HEX) || real.includes(LND.LND_MACAROON), 'no secret')
})
