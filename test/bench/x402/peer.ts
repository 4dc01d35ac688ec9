import { readFileSync } from 'node:fs'
import { type FacilitatorClient, HTTPFacilitatorClient, type RoutesConfig, x402ResourceServer } from '@x402/core/server'
import { ExactEvmScheme } from '@x402/evm/exact/server'
import { NETWORK, PAY_TO, SETTLED, SUPPORTED, VALID } from './answers.ts'

/**
 * What upstream's servers share: our route at our price, as their README has it, and nothing else. They declare no
 * extension, keep no ledger, validate no body and compute nothing.
 */
export const routes: RoutesConfig = {
  'POST /v1/compute-power': {
    accepts: { scheme: 'exact', network: NETWORK, payTo: PAY_TO, price: '$0.10' },
    description: 'Mechanical work and power of a described workout',
    mimeType: 'application/json'
  }
}

const inside: FacilitatorClient = {
  verify: async () => VALID,
  settle: async () => SETTLED,
  getSupported: async () => ({ ...SUPPORTED, kinds: [...SUPPORTED.kinds], extensions: [] })
}

const { BENCH_FACILITATOR: where = '', BENCH_ANSWER: answerFile = '' } = process.env

/** Over upstream's own HTTP client, or over a facilitator `inside` the process. */
export const resourceServer = new x402ResourceServer(
  where === 'inside' ? inside : new HTTPFacilitatorClient({ url: where })
).register(NETWORK, new ExactEvmScheme())

/** An answer of the same size as ours. */
export const answer: object = JSON.parse(readFileSync(answerFile, 'utf8'))
