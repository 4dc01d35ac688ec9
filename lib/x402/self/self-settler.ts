import { type RailState, RailUnavailable } from '../../billing/rail.ts'
import type { Measure } from '../../observe/measure.ts'
import { withDeadline } from '../../time/deadline.ts'
import { NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import { judge } from '../chain/receipt.ts'
import { Breaker } from '../facilitator/breaker.ts'
import { NONCE_USED } from '../facilitator/reasons.ts'
import type { Evidence, Hex, Payment, SettleOutcome, Settler, Terms, Verdict } from '../settler.ts'
import { referenceOf } from '../wire/proof.ts'
import { ContractCodes } from './contract-codes.ts'
import { Fees, feeCapWei } from './fees.ts'
import { readGasKey } from './gas-key.ts'
import { GasTank } from './gas-tank.ts'
import { RevertedPayers } from './reverted-payers.ts'
import { loadScheme, verifyByScheme, WOULD_FAIL } from './scheme-verifier.ts'
import { type Sending, TransactionSender } from './transaction-sender.ts'
import { gasLimit, transferCall } from './transfer-call.ts'

const MAX_UNDER_WAY = 64
const ATTEMPTS = 3
const BREAKER_FAILURES = 5
const BREAKER_REST_MS = 5_000
const RETRY_AFTER_SECONDS = 5
const EXPIRED = 'invalid_exact_evm_payload_authorization_valid_before'
/** A failure after a successful `verify`: no transaction of this service can settle it any more. */
const DEFINITE = new Set(['insufficient_funds', 'invalid_exact_evm_payload_signature'])
const UNKNOWN: SettleOutcome = { kind: 'unknown' }

/** In ms. */
export interface SelfLimits {
  readonly verifyMs: number
  readonly settleMs: number
  readonly stuckAfterMs: number
}

const LIMITS: SelfLimits = { verifyMs: 2_000, settleMs: 10_000, stuckAfterMs: 4_000 }

export interface SelfSettlerParts {
  readonly rpc: Rpc
  /** The key that pays the gas, 32 bytes. */
  readonly signerKey: Hex
  /** Only payments in this token are verified or settled. */
  readonly token: Pick<Terms, 'network' | 'asset' | 'payTo'>
  readonly evidence: Evidence
  readonly logger: { warn(fields: object, message: string): void }
  /** Unix milliseconds. */
  readonly now: () => number
  readonly limits?: SelfLimits
}

/**
 * Verifies and settles in this process, with a gas key and a node. A settlement continues after its caller received
 * `unknown`, until its transaction is mined or can no longer be; the same payment joins it.
 *
 * Two services with the same receiving address must share a ledger: an authorisation settles once, and both would find
 * it.
 */
export class SelfSettler implements Settler {
  readonly #parts: Omit<SelfSettlerParts, 'signerKey'>
  readonly #limits: SelfLimits
  readonly #fees: Fees
  readonly #tank: GasTank
  readonly #codes: ContractCodes
  readonly #reverted: RevertedPayers
  readonly #breaker: Breaker
  readonly #underWay = new Map<string, Promise<SettleOutcome>>()
  readonly #sender: Promise<TransactionSender>
  #opened: TransactionSender | undefined
  #address: Hex | undefined

  /** Starts loading the signing code. */
  constructor({ signerKey, ...parts }: SelfSettlerParts) {
    const { rpc, now, token } = parts
    this.#parts = parts
    this.#limits = parts.limits ?? LIMITS
    this.#fees = new Fees(rpc, feeCapWei(chainIdOf(token.network)), now)
    this.#codes = new ContractCodes(now)
    this.#reverted = new RevertedPayers(now)
    this.#tank = new GasTank(rpc, () => this.#address, now)
    this.#breaker = new Breaker({ failures: BREAKER_FAILURES, restMs: BREAKER_REST_MS, now })
    this.#sender = this.#open(signerKey)
    this.#sender.catch(() => {})
  }

  async verify(payment: Payment): Promise<Verdict> {
    if (!this.#isOurs(payment)) return { kind: 'bad', reason: 'invalid_payment_requirements' }
    if (this.#reverted.has(payment.from)) return { kind: 'bad', reason: WOULD_FAIL }
    if (this.#underWay.size >= MAX_UNDER_WAY || !this.#breaker.tryEnter()) throw unavailable()
    const signal = AbortSignal.timeout(this.#limits.verifyMs)
    try {
      await this.#sender
      const asked = [
        verifyByScheme(this.#parts.rpc, this.#codes, payment, signal),
        this.#fees.current(),
        this.#tank.known()
      ] as const
      const [verdict, fee] = await Promise.all(asked)
      this.#breaker.succeed()
      if (verdict.kind === 'bad') return verdict
      if (fee !== undefined && this.#tank.level(fee.maxFeePerGas) !== 'empty') return verdict
    } catch (error) {
      // A rejection may be the payer's fault; only silence is the node's.
      if (error instanceof NodeUnreachable) this.#breaker.fail()
    }
    throw unavailable()
  }

  settle(payment: Payment): Promise<SettleOutcome> {
    const key = keyOf(payment)
    let run = this.#underWay.get(key)
    if (run === undefined) {
      if (this.#underWay.size >= MAX_UNDER_WAY || !this.#isOurs(payment)) return Promise.resolve(UNKNOWN)
      run = this.#run(payment)
        .catch(() => UNKNOWN)
        .finally(() => this.#underWay.delete(key))
      this.#underWay.set(key, run)
    }
    return withDeadline(run, this.#limits.settleMs, () => UNKNOWN)
  }

  state(): RailState {
    const level = this.#tank.level(this.#fees.last?.maxFeePerGas)
    if (level === 'empty') return { status: 'off', reason: 'the gas account is empty' }
    if (!this.#breaker.isClosed || this.#tank.isSilent) {
      const reason = 'the chain does not respond'
      // The payment that may call the node again needs an offer.
      return this.#breaker.isPassable && !this.#tank.isSilent
        ? { status: 'degraded', reason, sells: true }
        : { status: 'degraded', reason }
    }
    if (this.#fees.tooDear) return { status: 'degraded', reason: 'the gas price is above the limit' }
    if ((this.#opened?.waitingMs ?? 0) > this.#limits.settleMs)
      // A payment waits until it is mined, or is released; it is never lost.
      return { status: 'degraded', reason: 'transactions are not mined in time', sells: true }
    if (level === 'low') return { status: 'degraded', reason: 'the gas account is running low', sells: true }
    return { status: 'ok' }
  }

  measures(): Measure[] {
    const measures: Measure[] = [
      {
        name: 'settlements_under_way',
        help: 'Transactions that this process is sending or awaiting.',
        value: this.#underWay.size
      }
    ]
    const { balanceWei } = this.#tank
    if (balanceWei !== undefined)
      measures.push({ name: 'gas_balance_wei', help: 'Balance of the gas key.', value: Number(balanceWei) })
    const maxFeePerGas = this.#fees.last?.maxFeePerGas
    if (maxFeePerGas !== undefined)
      measures.push({
        name: 'gas_price_max_wei',
        help: 'Highest gas price that a settlement offers at present.',
        value: Number(maxFeePerGas)
      })
    return measures
  }

  /** Stops following settlements; their callers receive `unknown`. */
  async close(): Promise<void> {
    this.#opened?.close()
    await Promise.allSettled(this.#underWay.values())
  }

  async #open(signerKey: Hex): Promise<TransactionSender> {
    const { rpc, now, token, logger } = this.#parts
    const [key] = await Promise.all([readGasKey(signerKey), loadScheme()])
    this.#address = key.address
    this.#opened = new TransactionSender({
      rpc,
      key,
      now,
      chainId: chainIdOf(token.network),
      fees: this.#fees,
      stuckAfterMs: this.#limits.stuckAfterMs,
      onReplaced: (nonce) => logger.warn({ nonce }, 'a transaction is stuck and is replaced at a higher fee')
    })
    return this.#opened
  }

  async #run(payment: Payment): Promise<SettleOutcome> {
    const giveUp = AbortSignal.timeout(this.#limits.settleMs)
    const sender = await this.#sender
    if (this.#reverted.has(payment.from)) return this.#explain(payment, false, giveUp)
    const call = await transferCall(payment)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const gas = await gasLimit(this.#parts.rpc, { ...call, from: this.#address }, giveUp)
      if (gas === undefined) return this.#explain(payment, attempt === 0 && (await sender.isAlone()), giveUp)
      const sending = await sender.send({ ...call, gas }, giveUp)
      if (sending.kind !== 'displaced') return this.#conclude(payment, sending, giveUp)
    }
    return UNKNOWN
  }

  async #conclude(payment: Payment, sending: Sending, signal: AbortSignal): Promise<SettleOutcome> {
    if (sending.kind === 'not_sent') void this.#tank.read()
    if (sending.kind !== 'mined') return UNKNOWN
    const { receipt } = sending
    if (judge(receipt, referenceOf(payment)) === 'paid') return { kind: 'settled', transaction: receipt.transaction }
    // Reverted: a third party, another instance or the payer was first, or the payer's wallet rejects in a block what it
    // accepts in a simulation.
    const outcome = await this.#explain(payment, false, signal)
    if (outcome.kind === 'unknown' && !receipt.succeeded) this.#reverted.add(payment.from)
    return outcome
  }

  /**
   * Why the call fails.
   * @param untouched true if no transaction of this service for this payment can still be mined
   */
  async #explain(payment: Payment, untouched: boolean, signal: AbortSignal): Promise<SettleOutcome> {
    const finding = await this.#parts.evidence.find(referenceOf(payment))
    if (finding.kind === 'settled') return finding
    if (finding.kind === 'cancelled') return { kind: 'refused', reason: NONCE_USED }
    if (finding.kind === 'unknown') return UNKNOWN
    if (finding.chainTimeSeconds >= payment.validBefore) return { kind: 'refused', reason: EXPIRED }
    if (!untouched) return UNKNOWN
    const verdict = await verifyByScheme(this.#parts.rpc, this.#codes, payment, signal)
    return verdict.kind === 'bad' && DEFINITE.has(verdict.reason)
      ? { kind: 'refused', reason: verdict.reason }
      : UNKNOWN
  }

  #isOurs({ terms, to }: Payment): boolean {
    const { network, asset, payTo } = this.#parts.token
    return terms.network === network && terms.asset === asset && terms.payTo === payTo && to === payTo
  }
}

function chainIdOf(network: Terms['network']): number {
  return Number(network.slice('eip155:'.length))
}

/** The identity of the payment: one nonce may be signed twice. */
function keyOf({ terms, from, to, value, validAfter, validBefore, nonce, signature }: Payment): string {
  return [terms.amountAtomic, from, to, value, validAfter, validBefore, nonce, signature].join(' ')
}

function unavailable(): RailUnavailable {
  return new RailUnavailable(503, 'Payment verification is unavailable.', RETRY_AFTER_SECONDS)
}
