import { EventEmitter, once } from 'node:events'
import { mock } from 'node:test'
import t from 'tap'
import { encodeAbiParameters } from 'viem'
import { callData, word } from '../../../lib/x402/chain/abi.ts'
import { JsonRpc } from '../../../lib/x402/chain/json-rpc.ts'
import { checkToken, TokenCheck, type TokenSettings } from '../../../lib/x402/chain/start-checks.ts'
import { noAnvil, startTestChain } from '../../support/x402/chain.ts'
import { type Behaviour, cut, Refuse, startRpcProxy } from '../../support/x402/rpc-proxy.ts'

const reverts: Behaviour = () => {
  throw new Refuse(3, 'execution reverted')
}

t.test('the settings against the chain', { skip: noAnvil }, async (t) => {
  const chain = await startTestChain(t)
  const proxy = await startRpcProxy(t, chain.rpcUrl)
  const rpc = new JsonRpc(proxy.url)
  t.teardown(() => rpc.close())
  const { network, asset } = chain.embedded
  const right: TokenSettings = { network, asset, name: 'USD Coin', version: '2', decimals: 6 }
  const tokenSays = (answers: Record<string, Behaviour>) =>
    proxy.on('eth_call', (params, forward) => {
      const { data } = params[0] as { data: string }
      return (answers[data] ?? ((_, pass) => pass()))(params, forward)
    })
  t.afterEach(() => proxy.heal())

  await t.test('all is well', async (t) => {
    t.strictSame(await checkToken(rpc, right), [])
  })

  await t.test('each wrong setting is named', async (t) => {
    const cases: Array<[Partial<TokenSettings>, string[]]> = [
      [{ network: 'eip155:8453' }, ['X402_NETWORK: the node at X402_RPC_URL is on eip155:31337, not eip155:8453']],
      [
        { asset: chain.payer.address },
        [`X402_ASSET: ${chain.payer.address} on ${network} is not a token with transfers by signature (EIP-3009)`]
      ],
      [{ name: 'USDC' }, ['X402_ASSET_NAME: the token\'s name is "USD Coin"']],
      [{ version: '1' }, ['X402_ASSET_VERSION: the token\'s version is "2"']],
      [{ decimals: 18 }, ['X402_ASSET_DECIMALS: the token has 6, not 18']],
      [
        { name: 'USDC', version: '1', decimals: 2 },
        [
          'X402_ASSET_DECIMALS: the token has 6, not 2',
          'X402_ASSET_NAME: the token\'s name is "USD Coin"',
          'X402_ASSET_VERSION: the token\'s version is "2"'
        ]
      ]
    ]
    for (const [wrong, lines] of cases) t.strictSame(await checkToken(rpc, { ...right, ...wrong }), lines)
  })

  await t.test('a nonsensical node says nothing about the settings', async (t) => {
    for (const nonsense of [null, '', 7, true, {}, [], 'pending', '0xzz'])
      for (const method of ['*', 'eth_call', 'eth_chainId']) {
        proxy.on(method, () => nonsense)
        await t.rejects(checkToken(rpc, right), { name: 'NodeUnreachable' }, `${method}: ${JSON.stringify(nonsense)}`)
        proxy.heal()
      }
  })

  await t.test('a token whose name is not the one it signs with', async (t) => {
    tokenSays({ [callData('name()')]: () => encodeAbiParameters([{ type: 'string' }], ['Bridged USDC']) })
    t.strictSame(await checkToken(rpc, right), [], 'the domain alone counts')
    tokenSays({ [callData('DOMAIN_SEPARATOR()')]: () => word(1n) })
    t.strictSame(await checkToken(rpc, right), [
      "X402_ASSET_NAME, X402_ASSET_VERSION: the token's EIP-712 domain has other values"
    ])
  })

  await t.test('a token that reports little', async (t) => {
    for (const silent of [reverts, () => '0x']) {
      const [separator, version, decimals] = [
        callData('DOMAIN_SEPARATOR()'),
        callData('version()'),
        callData('decimals()')
      ]
      tokenSays({ [separator]: silent, [version]: silent, [decimals]: silent })
      t.strictSame(
        await checkToken(rpc, { ...right, version: '9', decimals: 9 }),
        [],
        'what cannot be read is not wrong'
      )
      t.match(await checkToken(rpc, { ...right, name: 'USDC' }), [/^X402_ASSET_NAME: /])
      tokenSays({ [callData('authorizationState(address,bytes32)', 0n, 0n)]: silent })
      t.match(await checkToken(rpc, right), [/^X402_ASSET: /])
    }
  })

  await t.test('unknown: no line', async (t) => {
    const throttled: Behaviour = () => {
      throw new Refuse(-32005, 'too many requests', 429)
    }
    const lagging: Behaviour = () => {
      throw new Refuse(-32000, 'header not found')
    }
    for (const behaviour of [cut, throttled, lagging]) {
      for (const method of ['eth_chainId', 'eth_call']) {
        proxy.on(method, behaviour)
        await t.rejects(checkToken(rpc, right), { name: 'NodeUnreachable' })
        proxy.heal()
      }
    }
  })

  await t.test('a node that is down at the start is asked again, ever later', async (t) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    t.teardown(() => mock.timers.reset())
    const logged: object[] = []
    const warnings = new EventEmitter()
    const warn = (fields: object) => {
      logged.push(fields)
      warnings.emit('warn')
    }
    const check = new TokenCheck({ rpc, token: { ...right, decimals: 2 }, logger: { warn } })
    t.teardown(() => check.close())
    proxy.on('*', cut)
    t.strictSame(await check.start(), [], 'unreachable is no wrong setting')
    for (const ms of [5_000, 10_000]) {
      const again = once(warnings, 'warn')
      mock.timers.tick(ms)
      await again
    }
    t.strictSame(logged, [{ retryMs: 5_000 }, { retryMs: 10_000 }, { retryMs: 20_000 }])
    proxy.heal()
    const late = once(warnings, 'warn')
    mock.timers.tick(20_000)
    await late
    t.strictSame(check.problems, ['X402_ASSET_DECIMALS: the token has 6, not 2'])
    t.strictSame(logged.at(-1), { problems: check.problems })
  })
})
