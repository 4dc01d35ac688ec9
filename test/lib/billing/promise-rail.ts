import { hash } from 'node:crypto'
import type { Rail } from '../../../lib/billing/rail.ts'
import { keyOf, PRICE_ATOMIC, type Signed, type SimulatedChain } from './simulated-chain.ts'

/** How long an answer can be collected. */
const KEPT_MS = 86_400_000

/** Asks the chain, or does not live to hear what it says. */
export type Ask = <T>(what: 'confirm' | 'settle' | 'resolve', question: () => Promise<T>) => Promise<T>

/** A rail that takes its money after computing: its proofs are signed promises, the chain says what becomes of them. */
export function promiseRail(chain: SimulatedChain, ask: Ask = (_, question) => question()): Rail {
  return {
    name: 'promise',
    proofHeader: 'X-Promise',
    otherRequestStatus: 409,
    findProof: (headers) => headers['x-promise']?.toString(),
    challenge: () => ({ headers: [['X-Promise-Required', PRICE_ATOMIC.toString()]], members: '' }),
    quote: () => ({ headers: [], members: '' }),
    terms: () => undefined,
    state: () => ({ status: 'ok' }),
    receipt: ({ settlement }) => [['X-Promise-Response', String(settlement)]],
    resolve: ({ proofKey, settleBeforeSeconds }) => ask('resolve', () => chain.resolve(proofKey, settleBeforeSeconds)),
    settlePending: ({ proof = '' }) => ask('settle', () => chain.settle(JSON.parse(proof))),
    authorise: (proof, { headers, nowMs }) => {
      const signed: Signed = JSON.parse(proof)
      const name = headers['idempotency-key']?.toString()
      return {
        kind: 'authorised',
        authorisation: {
          proofKey: keyOf(signed),
          amountAtomic: PRICE_ATOMIC,
          asset: 'penny',
          answerKeptUntilMs: nowMs + KEPT_MS,
          deferred: {
            proofDigest: hash('sha256', proof, 'buffer'),
            purchaseKey: name === undefined ? undefined : purchaseKeyOf(signed, name),
            proof,
            payer: signed.payer,
            payee: 'the service',
            settleBeforeSeconds: BigInt(signed.validBefore),
            confirm: () => ask('confirm', () => chain.confirm(signed)),
            settle: () => ask('settle', () => chain.settle(signed)),
            isByPayer: async () => chain.isByPayer(signed)
          }
        }
      }
    }
  }
}

export const purchaseKeyOf = ({ payer }: Signed, name: string) => hash('sha256', `${payer}|${name}`)
