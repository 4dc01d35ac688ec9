import type { Terms } from '../settler.ts'
import { callData, isHex, isQuantity, type SELECTORS, word } from './abi.ts'
import { NodeRefusal, NodeUnreachable, type Rpc } from './json-rpc.ts'

const LIMIT_MS = 5_000
const FIRST_RETRY_MS = 5_000
const MAX_RETRY_MS = 300_000

/** The configured token. */
export interface TokenSettings extends Pick<Terms, 'network' | 'asset'> {
  /** Of the EIP-712 domain. */
  readonly name: string
  /** Of the EIP-712 domain. */
  readonly version: string
  readonly decimals: number
}

/**
 * Compares the token's settings with the chain.
 * @returns one line per wrong setting
 * @throws NodeUnreachable if the node does not respond
 */
export async function checkToken(rpc: Rpc, token: TokenSettings): Promise<string[]> {
  const signal = AbortSignal.timeout(LIMIT_MS)
  const { network, asset, decimals } = token
  const read = (name: keyof typeof SELECTORS, ...args: bigint[]) => readToken(rpc, token, signal, name, ...args)
  const chainId = await rpc.call('eth_chainId', [], signal).catch(asUnreachable)
  if (!isQuantity(chainId)) throw new NodeUnreachable('the node does not report its chain')
  const actual = `eip155:${BigInt(chainId)}`
  if (actual !== network) return [`X402_NETWORK: the node at X402_RPC_URL is on ${actual}, not ${network}`]
  if (!(await read('authorizationState(address,bytes32)', 0n, 0n)))
    return [`X402_ASSET: ${asset} on ${network} is not a token with transfers by signature (EIP-3009)`]
  const returned = await read('decimals()')
  const wrong = returned !== undefined && returned !== word(BigInt(decimals))
  return [
    ...(wrong ? [`X402_ASSET_DECIMALS: the token has ${BigInt(returned)}, not ${decimals}`] : []),
    ...(await checkDomain(token, read))
  ]
}

/** Signatures depend only on the domain; the names that a token reports merely explain a wrong one. */
async function checkDomain(
  { network, asset, name, version }: TokenSettings,
  read: (name: keyof typeof SELECTORS) => Promise<`0x${string}` | undefined>
): Promise<string[]> {
  const { decodeAbiParameters, domainSeparator } = await import('viem')
  const chainId = Number(network.slice('eip155:'.length))
  const returned = await read('DOMAIN_SEPARATOR()')
  if (returned === domainSeparator({ domain: { name, version, chainId, verifyingContract: asset } })) return []
  const text = async (of: 'name()' | 'version()') => {
    try {
      return decodeAbiParameters([{ type: 'string' }], (await read(of)) ?? '0x')[0]
    } catch (error) {
      if (error instanceof NodeUnreachable) throw error
      return undefined
    }
  }
  const lines: string[] = []
  const ownName = await text('name()')
  const ownVersion = await text('version()')
  if (ownName !== undefined && ownName !== name) lines.push(`X402_ASSET_NAME: the token's name is ${quoted(ownName)}`)
  if (ownVersion !== undefined && ownVersion !== version)
    lines.push(`X402_ASSET_VERSION: the token's version is ${quoted(ownVersion)}`)
  if (lines.length > 0 || returned === undefined) return lines
  return ["X402_ASSET_NAME, X402_ASSET_VERSION: the token's EIP-712 domain has other values"]
}

/** At least one word; undefined if the contract has no such function. */
async function readToken(
  rpc: Rpc,
  { asset }: TokenSettings,
  signal: AbortSignal,
  name: keyof typeof SELECTORS,
  ...args: bigint[]
): Promise<`0x${string}` | undefined> {
  const call = { to: asset, data: callData(name, ...args) }
  const answer = await rpc.call('eth_call', [call, 'latest'], signal).catch((error) => {
    if (error instanceof NodeRefusal && error.failedOnChain) return undefined
    return asUnreachable(error)
  })
  if (answer !== undefined && !isHex(answer)) throw new NodeUnreachable('the node returns malformed data')
  return answer !== undefined && answer.length >= 66 ? answer : undefined
}

function asUnreachable(error: unknown): never {
  throw error instanceof NodeUnreachable ? error : new NodeUnreachable('the node refuses requests')
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60))
}

export interface TokenCheckParts {
  readonly rpc: Rpc
  readonly token: TokenSettings
  readonly logger: { warn(fields: object, message: string): void }
}

/**
 * Runs `checkToken` at the start. An unreachable node is not a wrong setting: the check is retried in the background,
 * after 5 s and then at growing intervals, until the node responds.
 */
export class TokenCheck {
  readonly #parts: TokenCheckParts
  #problems: readonly string[] = []
  #retryMs = FIRST_RETRY_MS
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: TokenCheckParts) {
    this.#parts = parts
  }

  /** The wrong settings known so far. */
  get problems(): readonly string[] {
    return this.#problems
  }

  /** @returns one line per wrong setting; none if all are correct or the check has no response yet */
  async start(): Promise<readonly string[]> {
    await this.#ask()
    return this.#problems
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    const { rpc, token, logger } = this.#parts
    try {
      this.#problems = await checkToken(rpc, token)
    } catch {
      if (this.#closed) return
      logger.warn({ retryMs: this.#retryMs }, 'the node at X402_RPC_URL does not respond; the token is not checked yet')
      this.#timer = setTimeout(() => void this.#askLate(), this.#retryMs).unref()
      this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2)
    }
  }

  async #askLate(): Promise<void> {
    await this.#ask()
    if (this.#problems.length > 0)
      this.#parts.logger.warn(
        { problems: this.#problems },
        'the x402 settings name a token that the chain does not have'
      )
  }
}
