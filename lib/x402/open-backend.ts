import { ChainEvidence } from './chain/evidence.ts'
import { JsonRpc } from './chain/json-rpc.ts'
import type { EmbeddedChain } from './embedded/embedded-chain.ts'
import type { Listing } from './facilitator/facilitator-client.ts'
import { ProvenSettler } from './proven-settler.ts'
import type { Backend } from './x402-rail.ts'
import type { X402Config, X402Token } from './x402-settings.ts'

/** A backend and its resources. */
export interface OpenedBackend extends Backend {
  /** The development chain and its token, if it is one. */
  readonly embedded?: EmbeddedChain & { readonly token: X402Token }
  /**
   * Compares the settings with the outside.
   * @returns one line per wrong setting; none without a response
   */
  check(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Further parts needed to open a backend. */
export interface BackendParts {
  readonly listing: () => Listing
  readonly logger: { warn(fields: object, message: string): void; info(fields: object, message: string): void }
}

/**
 * Opens the configured settlement backend. Its packages are loaded on demand: viem alone takes half a second.
 * @throws Error with the reason if the development chain cannot run
 */
export function openBackend(config: Exclude<X402Config, { kind: 'off' }>, parts: BackendParts): Promise<OpenedBackend> {
  switch (config.kind) {
    case 'facilitator':
      return openFacilitator(config, parts)
    case 'self':
      return openSelf(config, parts)
    case 'embedded':
      return openEmbedded(parts)
  }
}

async function openFacilitator(
  config: Extract<X402Config, { kind: 'facilitator' }>,
  { listing, logger }: BackendParts
): Promise<OpenedBackend> {
  const { FacilitatorSettler } = await import('./facilitator/facilitator-settler.ts')
  const { token, url, bearerToken, rpcUrl } = config
  const facilitator = new FacilitatorSettler({
    url,
    bearerToken,
    network: token.network,
    listing,
    now: Date.now,
    logger
  })
  if (rpcUrl === undefined)
    return {
      token,
      settler: facilitator,
      evidence: undefined,
      wrongSettings: () => [],
      check: () => facilitator.start(),
      close: () => facilitator.close()
    }
  const { evidence, tokenCheck, close } = await openChain(rpcUrl, token, logger)
  return {
    token,
    settler: new ProvenSettler(facilitator, evidence),
    evidence,
    wrongSettings: () => tokenCheck.problems,
    check: async () => (await Promise.all([facilitator.start(), tokenCheck.start()])).flat(),
    close: async () => {
      await facilitator.close()
      await close()
    }
  }
}

/** The chain node's part, shared by the backends. */
async function openChain(rpcUrl: string, token: X402Token, logger: BackendParts['logger']) {
  const { TokenCheck } = await import('./chain/start-checks.ts')
  const rpc = new JsonRpc(rpcUrl)
  const tokenCheck = new TokenCheck({ rpc, token, logger })
  const close = async () => {
    tokenCheck.close()
    await rpc.close()
  }
  return { rpc, evidence: new ChainEvidence(rpc), tokenCheck, close }
}

async function openSelf(
  { token, rpcUrl, signerKey }: { token: X402Token; rpcUrl: string; signerKey: `0x${string}` },
  { logger }: BackendParts
): Promise<OpenedBackend> {
  const { SelfSettler } = await import('./self/self-settler.ts')
  const { rpc, evidence, tokenCheck, close } = await openChain(rpcUrl, token, logger)
  const settler = new SelfSettler({ rpc, signerKey, token, evidence, logger, now: Date.now })
  return {
    token,
    settler: new ProvenSettler(settler, evidence),
    evidence,
    wrongSettings: () => tokenCheck.problems,
    check: () => tokenCheck.start(),
    close: async () => {
      await settler.close()
      await close()
    }
  }
}

async function openEmbedded(parts: BackendParts): Promise<OpenedBackend> {
  const { startEmbeddedChain } = await import('./embedded/embedded-chain.ts')
  const chain = await startEmbeddedChain()
  const { network, asset, payTo, rpcUrl, settlerKey } = chain
  const token: X402Token = { network, asset, payTo, name: 'USD Coin', version: '2', decimals: 6 }
  const backend = await openSelf({ token, rpcUrl, signerKey: settlerKey }, parts)
  return {
    ...backend,
    embedded: { ...chain, token },
    close: async () => {
      await backend.close()
      await chain.stop()
    }
  }
}
