import t from 'tap'
import { loadConfig } from '../../../config.ts'
import type { X402Config } from '../../../lib/x402/x402-settings.ts'
import { expectProblems, filesIn, HEX, PRODUCTION, type Variables } from './helpers.ts'

const PAY_TO = `0x${'Aa'.repeat(20)}`
const TOKEN = `0x${'bB'.repeat(20)}`
const FACILITATOR = { X402: 'facilitator', X402_PAY_TO: PAY_TO, X402_FACILITATOR_URL: 'https://x402.example/v2//' }
const SELF = { X402: 'self', X402_PAY_TO: PAY_TO, X402_RPC_URL: 'https://rpc.example/key', X402_SIGNER_KEY: HEX }
const OTHER_TOKEN = {
  X402_NETWORK: 'eip155:137',
  X402_ASSET: TOKEN,
  X402_ASSET_NAME: 'Bridged USDC (PoS)',
  X402_ASSET_VERSION: '1',
  X402_ASSET_DECIMALS: '18'
}

/** USDC on Base as Circle lists it. */
const BASE_USDC = {
  network: 'eip155:8453',
  asset: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
  payTo: PAY_TO.toLowerCase(),
  name: 'USD Coin',
  version: '2',
  decimals: 6
} as const

const TEST_NETWORKS = [
  'eip155:84532',
  'eip155:11155111',
  'eip155:11155420',
  'eip155:421614',
  'eip155:43113',
  'eip155:80002',
  'eip155:1337',
  'eip155:31337'
]

const x402Of = (variables: Variables): X402Config => loadConfig(variables).x402

t.test('each way is read', async (t) => {
  const facilitator = {
    kind: 'facilitator',
    token: BASE_USDC,
    url: 'https://x402.example/v2',
    bearerToken: undefined,
    rpcUrl: undefined
  }
  const self = { kind: 'self', token: BASE_USDC, rpcUrl: SELF.X402_RPC_URL, signerKey: `0x${HEX}` }
  const cases: [name: string, Variables, object][] = [
    ['nothing set', {}, { kind: 'embedded' }],
    ['nothing set in production', PRODUCTION, { kind: 'off' }],
    ['off', { X402: 'off' }, { kind: 'off' }],
    ['off, and the rest is left unread', { ...FACILITATOR, X402: 'off' }, { kind: 'off' }],
    ['embedded', { X402: 'embedded' }, { kind: 'embedded' }],
    ['embedded has a token of its own', { ...OTHER_TOKEN, X402: 'embedded' }, { kind: 'embedded' }],
    ['facilitator', FACILITATOR, facilitator],
    [
      'facilitator in production',
      { ...PRODUCTION, ...FACILITATOR, X402_RPC_URL: 'https://rpc.example' },
      { ...facilitator, rpcUrl: 'https://rpc.example' }
    ],
    [
      'facilitator in production, trusted',
      { ...PRODUCTION, ...FACILITATOR, X402_TRUST_FACILITATOR: 'yes' },
      facilitator
    ],
    [
      'facilitator, with everything',
      { ...FACILITATOR, X402_FACILITATOR_TOKEN: 'bearer', X402_RPC_URL: 'http://127.0.0.1:8545' },
      { ...facilitator, bearerToken: 'bearer', rpcUrl: 'http://127.0.0.1:8545' }
    ],
    ['facilitator has no use for a signer', { ...FACILITATOR, X402_SIGNER_KEY: HEX }, facilitator],
    ['self', SELF, self],
    ['self in production', { ...PRODUCTION, ...SELF }, self],
    ['a key with 0x and capitals', { ...SELF, X402_SIGNER_KEY: `0x${HEX.toUpperCase()}` }, self]
  ]
  for (const [name, variables, expected] of cases) t.strictSame(x402Of(variables), expected, name)
})

t.test('the token: Base USDC, or everything about another one', async (t) => {
  const other = {
    network: 'eip155:137',
    asset: TOKEN.toLowerCase(),
    payTo: PAY_TO.toLowerCase(),
    name: 'Bridged USDC (PoS)',
    version: '1',
    decimals: 18
  }
  for (const way of [FACILITATOR, SELF]) {
    const tokenOf = (variables: Variables) => (x402Of({ ...way, ...variables }) as { token?: object }).token
    t.strictSame(tokenOf({}), BASE_USDC)
    t.strictSame(tokenOf({ X402_NETWORK: 'eip155:8453' }), BASE_USDC, 'said aloud')
    t.strictSame(tokenOf({ X402_ASSET_NAME: 'Coin', X402_ASSET_VERSION: '3', X402_ASSET_DECIMALS: '0' }), {
      ...BASE_USDC,
      name: 'Coin',
      version: '3',
      decimals: 0
    })
    t.strictSame(tokenOf(OTHER_TOKEN), other)
    t.strictSame(
      tokenOf({ ...OTHER_TOKEN, X402_NETWORK: undefined }),
      { ...other, network: 'eip155:8453' },
      'another token on Base'
    )
  }
})

t.test('what is missing is named, with the way that needs it', async (t) => {
  const without = (variables: Variables, ...names: string[]) => ({
    ...variables,
    ...Object.fromEntries(names.map((name) => [name, undefined]))
  })
  const cases: [Variables, ...RegExp[]][] = [
    [
      { X402: 'facilitator' },
      /^X402_PAY_TO: is required with X402=facilitator; must be the receiving address$/,
      /^X402_FACILITATOR_URL: is required with X402=facilitator; must be an http or https URL$/
    ],
    [
      { X402: 'self' },
      /^X402_PAY_TO: is required with X402=self; must be /,
      /^X402_SIGNER_KEY: is required with X402=self; must be 64 hex digits; or set X402_SIGNER_KEY_FILE$/,
      /^X402_RPC_URL: is required with X402=self; must be the http or https URL of the network's RPC$/
    ],
    ...(['X402_PAY_TO', 'X402_RPC_URL', 'X402_SIGNER_KEY'] as const).map((name): [Variables, RegExp] => [
      without(SELF, name),
      new RegExp(`^${name}: is required with X402=self`)
    ]),
    [without(FACILITATOR, 'X402_PAY_TO'), /^X402_PAY_TO: is required with X402=facilitator/],
    [without(FACILITATOR, 'X402_FACILITATOR_URL'), /^X402_FACILITATOR_URL: is required with X402=facilitator/],
    [
      { ...FACILITATOR, X402_NETWORK: 'eip155:137' },
      /^X402_ASSET: is required with X402=facilitator; must be the token's contract on X402_NETWORK$/,
      /^X402_ASSET_NAME: is required with X402=facilitator; must be the value of the token that /,
      /^X402_ASSET_VERSION: is required with X402=facilitator; must be the value of the token that /
    ],
    [
      { ...SELF, X402_ASSET: TOKEN },
      /^X402_ASSET_NAME: is required with X402=self/,
      /^X402_ASSET_VERSION: is required with X402=self/
    ],
    [
      { ...PRODUCTION, ...FACILITATOR },
      /^X402_RPC_URL: is required with X402=facilitator in production; or set X402_TRUST_FACILITATOR=yes to /
    ],
    [
      { ...PRODUCTION, ...FACILITATOR, X402_TRUST_FACILITATOR: 'no' },
      /^X402_TRUST_FACILITATOR: must be yes, to settle in production/,
      /^X402_RPC_URL: is required/
    ],
    [
      without({ ...PRODUCTION, ...FACILITATOR, ...OTHER_TOKEN, X402_TRUST_FACILITATOR: 'yes' }, 'X402_ASSET_DECIMALS'),
      /^X402_ASSET_DECIMALS: is required with X402=facilitator/
    ],
    [without({ ...SELF, ...OTHER_TOKEN }, 'X402_ASSET'), /^X402_ASSET: is required with X402=self/]
  ]
  for (const [variables, ...expected] of cases) expectProblems(t, variables, expected)
})

t.test('what is wrong is named, with what it takes', async (t) => {
  const cases: [Variables, ...RegExp[]][] = [
    [{ X402: 'on' }, /^X402: must be facilitator, self, embedded or off$/],
    [{ ...SELF, X402_PAY_TO: PAY_TO.slice(2) }, /^X402_PAY_TO: must be the receiving address: 0x and /],
    [{ ...SELF, X402_PAY_TO: `${PAY_TO}0` }, /^X402_PAY_TO: must be/],
    [{ ...SELF, X402_PAY_TO: 'merchant.eth' }, /^X402_PAY_TO: must be/],
    [{ ...SELF, X402_NETWORK: 'base' }, /^X402_NETWORK: must be a CAIP-2 network such as eip155:8453$/],
    [{ ...SELF, X402_NETWORK: 'eip155:08453' }, /^X402_NETWORK: must be/],
    [{ ...SELF, X402_NETWORK: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' }, /^X402_NETWORK: must be/],
    [{ ...SELF, X402_ASSET: 'USDC' }, /^X402_ASSET: must be the token's contract: 0x and 40 hex digits$/],
    [{ ...SELF, X402_ASSET_NAME: ' USD Coin' }, /^X402_ASSET_NAME: must be/],
    [{ ...SELF, X402_ASSET_NAME: 'x'.repeat(65) }, /^X402_ASSET_NAME: must be/],
    [{ ...SELF, X402_ASSET_VERSION: 'v 2' }, /^X402_ASSET_VERSION: must be/],
    [{ ...SELF, X402_ASSET_DECIMALS: '19' }, /^X402_ASSET_DECIMALS: must be a whole number from 0 to 18$/],
    [{ ...SELF, X402_ASSET_DECIMALS: '-1' }, /^X402_ASSET_DECIMALS: must be/],
    [{ ...SELF, X402_ASSET_DECIMALS: 'six' }, /^X402_ASSET_DECIMALS: must be/],
    ...['x402.example', 'https://user:pass@x402.example', 'https://x402.example/?key=1', 'ftp://x402.example'].map(
      (url): [Variables, ...RegExp[]] => [
        { ...FACILITATOR, X402_FACILITATOR_URL: url },
        /^X402_FACILITATOR_URL: must be an http or https URL without query$/
      ]
    ),
    [{ ...SELF, X402_RPC_URL: 'wss://rpc.example' }, /^X402_RPC_URL: must be the http or https URL/],
    [{ ...FACILITATOR, X402_FACILITATOR_URL: 'https://[' }, /^X402_FACILITATOR_URL: must be a URL$/],
    [{ ...SELF, X402_SIGNER_KEY: '0'.repeat(64) }, /^X402_SIGNER_KEY: must be a private key of secp256k1$/],
    [{ ...SELF, X402_SIGNER_KEY: 'f'.repeat(64) }, /^X402_SIGNER_KEY: must be a private key of secp256k1$/],
    [{ ...SELF, X402_SIGNER_KEY: HEX.slice(1) }, /^X402_SIGNER_KEY: must be 64 hex digits$/],
    [{ ...SELF, X402_SIGNER_KEY: `${HEX}0` }, /^X402_SIGNER_KEY: must be 64 hex digits$/],
    [{ ...SELF, X402_SIGNER_KEY: `0X${HEX}` }, /^X402_SIGNER_KEY: must be 64 hex digits$/],
    [{ X402_RECEIPT_KEY: HEX.replace(/^./, 'g') }, /^X402_RECEIPT_KEY: must be 64 hex digits$/],
    [
      { X402_ALLOW_TEST_NETWORK: 'true' },
      /^X402_ALLOW_TEST_NETWORK: must be yes, to sell for test money in production$/
    ]
  ]
  for (const [variables, ...expected] of cases) expectProblems(t, variables, expected)
})

t.test('production: no development chain, no test money unless allowed', async (t) => {
  expectProblems(t, { ...PRODUCTION, X402: 'embedded' }, [
    /^X402: must be facilitator, self or off in production; embedded is a development chain$/
  ])
  for (const network of TEST_NETWORKS)
    for (const way of [FACILITATOR, SELF]) {
      const variables = { ...way, ...OTHER_TOKEN, X402_NETWORK: network, X402_RPC_URL: 'https://rpc.example' }
      expectProblems(t, { ...PRODUCTION, ...variables }, [
        /^X402_NETWORK: is a test network; set X402_ALLOW_TEST_NETWORK=yes to sell for test money in production$/
      ])
      const accepted = { ...PRODUCTION, ...variables, X402_ALLOW_TEST_NETWORK: 'yes' }
      t.match(x402Of(accepted), { kind: way.X402, token: { network } }, `${network} where it is told`)
      t.match(x402Of(variables), { kind: way.X402, token: { network } }, `${network} in development`)
    }
  for (const network of ['eip155:1', 'eip155:137', 'eip155:8453', 'eip155:42161'])
    t.match(x402Of({ ...PRODUCTION, ...SELF, ...OTHER_TOKEN, X402_NETWORK: network }), { token: { network } })
})

t.test('the receipt key is independent of the settlement mode', async (t) => {
  const receiptKeyOf = (variables: Variables) => loadConfig(variables).receiptKey
  for (const way of [{ X402: 'off' }, {}, FACILITATOR, SELF]) {
    t.equal(receiptKeyOf(way), undefined)
    t.equal(receiptKeyOf({ ...way, X402_RECEIPT_KEY: `0x${'AB'.repeat(32)}` }), `0x${'ab'.repeat(32)}`)
  }
})

t.test('a bearer token from a file loses its line end, and nothing else', async (t) => {
  const path = filesIn(t)('token', 'eyJ.a/b+c=\n')
  t.match(x402Of({ ...FACILITATOR, X402_FACILITATOR_TOKEN_FILE: path }), { bearerToken: 'eyJ.a/b+c=' })
})
