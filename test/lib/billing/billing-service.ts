import { hash } from 'node:crypto'
import type { Test } from 'tap'
import { AnswerConnections } from '../../../lib/billing/answer-connections.ts'
import { chargeProof, type Precondition } from '../../../lib/billing/charge.ts'
import { type ChargeRequest, type Rail, RailUnavailable } from '../../../lib/billing/rail.ts'
import { reconcile } from '../../../lib/billing/reconcile.ts'
import { takePayment } from '../../../lib/billing/take-payment.ts'
import type { DatabaseConfig } from '../../../lib/database/database.ts'
import { rowsOf } from '../../../lib/database/script.ts'
import { type Ledger, LedgerUnavailable } from '../../../lib/ledger/ledger.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openStorage } from '../../../lib/storage/open-storage.ts'
import { RevisionConflict } from '../../../lib/workouts/revision-conflict.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import { disagreements, type Given, type PaymentRow } from './disagreements.ts'
import { promiseRail } from './promise-rail.ts'
import { keyOf, type Signed, type SimulatedChain } from './simulated-chain.ts'
import { crashable, SimulatedProcess } from './simulated-process.ts'

/** What a client is told. */
export type Served =
  | { readonly kind: 'answer'; readonly body: string; readonly isReplay: boolean; readonly settlement?: string }
  | { readonly kind: 'refused' | 'conflict'; readonly code: string }
  | { readonly kind: 'running' | 'settlement_pending' | 'rail_unavailable' | 'ledger_unavailable' | 'failed' }
  | { readonly kind: 'revision_conflict'; readonly canonical: string | undefined; readonly isUndecided: boolean }

export interface Order {
  /** What is asked for. */
  readonly body?: string
  /** The payer's own name for the purchase. */
  readonly name?: string
  /** The client is gone before the answer has left. */
  readonly hangsUp?: boolean
  /** The answer of an unnamed payment leaves on this client's connection alone, as over HTTP. */
  readonly isConnected?: boolean
  /** Computing fails. */
  readonly fails?: boolean
  readonly record?: WorkoutRecord
  readonly precondition?: Precondition
}

/** Sells answers over a rail that takes its money after computing, in the order in which `plugins/payment/billing.ts` does. */
export class BillingService {
  readonly chain: SimulatedChain
  readonly rail: Rail
  /** Every answer that ever left. */
  readonly given: Given[] = []
  executions = 0
  /** As this process sees it, for as long as it lives. */
  ledger!: Ledger
  process!: SimulatedProcess
  #connections = new AnswerConnections()
  readonly #config: DatabaseConfig
  #database!: WorkoutDatabase
  #ledger!: Ledger

  /** Closed with the test. */
  static async open(t: Test, chain: SimulatedChain, config: DatabaseConfig): Promise<BillingService> {
    const service = new BillingService(chain, config)
    await service.#open()
    t.teardown(() => service.close())
    return service
  }

  private constructor(chain: SimulatedChain, config: DatabaseConfig) {
    this.chain = chain
    this.#config = config
    this.rail = promiseRail(chain, async (what, question) => {
      const { process } = this
      await process.reach(`before ${what}`)
      const answer = await question()
      await process.reach(`after ${what}`)
      return answer
    })
  }

  /** Another process on the same database: all that was held in memory is gone. */
  async restart(): Promise<void> {
    await this.close()
    await this.#open()
  }

  async close(): Promise<void> {
    await this.#ledger.close()
    await this.#database.close()
  }

  /** From now on SQLite refuses to be written, or takes writes again once the health check has seen it. */
  breakLedger(isBroken = true): void {
    this.#database.read(() => rowsOf(`PRAGMA query_only = ${isBroken ? 1 : 0}`))
  }

  async rows(): Promise<readonly PaymentRow[]> {
    return this.#database.read(() =>
      rowsOf<PaymentRow>(
        `SELECT p.proof_key, p.purchase_key, p.fingerprint, p.state, p.amount_atomic, p.settlement, p.pending_proof,
           coalesce(p.answer_body, r.answer_json) AS answer_body
         FROM payments p LEFT JOIN revisions r ON r.revision_id = p.answer_revision_id ORDER BY p.proof_key`
      )
    )
  }

  /** What chain and ledger disagree about; empty where every penny is accounted for. */
  async disagreements(): Promise<string[]> {
    return disagreements(this.chain.moved, await this.rows(), this.given)
  }

  async rowOf(signed: Signed): Promise<PaymentRow | undefined> {
    return (await this.rows()).find(({ proof_key }) => proof_key === keyOf(signed))
  }

  /** States of revisions by their id. */
  async revisions(): Promise<Record<string, string>> {
    const rows = await this.#database.read(() =>
      rowsOf<{ revision_id: string; state: string }>('SELECT revision_id, state FROM revisions')
    )
    return Object.fromEntries(rows.map(({ revision_id, state }) => [revision_id, state]))
  }

  /** One request with a proof, from its arrival until its answer has left. */
  async serve(signed: Signed, order: Order = {}): Promise<Served> {
    const connections = this.#connections
    const connection = { isOpen: true }
    try {
      const { ledger, rail } = this
      const request = this.#request(order)
      const outcome = await chargeProof(ledger, rail, JSON.stringify(signed), request, {
        precondition: order.precondition,
        ...(order.isConnected && { takeAnswer: (proof) => connections.take(proof, connection) })
      })
      switch (outcome.kind) {
        case 'claimed': {
          const { claim, authorisation } = outcome
          if (order.fails) {
            await ledger.release(claim)
            return { kind: 'failed' }
          }
          const computed = { status: 200, body: `${order.body ?? 'a'} #${++this.executions}` }
          const taken = await takePayment(ledger, claim, authorisation, computed, order.record)
          if (taken.kind !== 'captured') return reported(taken)
          return this.#leave(order, taken.answer.body, claim.request.proofKey, false, taken.settlement)
        }
        case 'stored': {
          const { answer, purchase } = outcome
          return this.#leave(order, answer.body, purchase.proofKey, true, purchase.settlement)
        }
        case 'malformed':
          throw new Error('every proof of these tests can be read')
        default:
          return reported(outcome)
      }
    } catch (error) {
      if (error instanceof RailUnavailable) return { kind: 'rail_unavailable' }
      if (error instanceof LedgerUnavailable) return { kind: 'ledger_unavailable' }
      if (error instanceof RevisionConflict)
        return { kind: 'revision_conflict', canonical: error.canonicalRevisionId, isUndecided: error.undecided }
      throw error
    } finally {
      connection.isOpen = false
    }
  }

  /** A round of the background task, at a time when everything that is pending is old enough for it. */
  async reconcile(): Promise<void> {
    this.chain.nowSeconds += 15
    await reconcile(this.ledger, [this.rail], 0, () => false)
  }

  async #open(): Promise<void> {
    this.#database = await openStorage(this.#config)
    this.#ledger = openLedger(this.#database, () => this.chain.nowSeconds * 1000)
    this.process = new SimulatedProcess()
    this.#connections = new AnswerConnections()
    this.ledger = crashable(this.#ledger, this.process)
  }

  #leave(
    { hangsUp = false }: Order,
    body: string,
    key: string,
    isReplay: boolean,
    settlement: string | undefined
  ): Served {
    this.given.push({ body, key, isDelivered: !hangsUp })
    if (hangsUp) this.ledger.releaseDelivery(key)
    else this.ledger.markDelivered(key)
    return { kind: 'answer', body, isReplay, ...(settlement !== undefined && { settlement }) }
  }

  #request({ body = 'a', name }: Order): ChargeRequest {
    return {
      method: 'POST',
      path: '/v1/compute-power',
      route: '/v1/compute-power',
      fingerprint: fingerprintOf(body),
      priceMicroUsd: 100_000n,
      clientAddress: '192.0.2.1',
      headers: name === undefined ? {} : { 'idempotency-key': name },
      nowMs: this.chain.nowSeconds * 1000
    }
  }
}

export const fingerprintOf = (body: string) => hash('sha256', body)

function reported(
  outcome:
    | { readonly kind: 'refused' | 'conflict'; readonly refusal: { readonly code: string } }
    | { readonly kind: 'running' | 'settlement_pending' }
): Served {
  return 'refusal' in outcome ? { kind: outcome.kind, code: outcome.refusal.code } : { kind: outcome.kind }
}
