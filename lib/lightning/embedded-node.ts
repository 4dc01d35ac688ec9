import { setImmediate as nextTurn } from 'node:timers/promises'
import { bech32 } from 'bech32'
import { EmbeddedWallet, type Payment } from './embedded-wallet.ts'
import { LightningError } from './lightning-error.ts'
import type { Invoice, InvoiceRequest, LightningNode } from './lightning-node.ts'

const NETWORK = 'regtest'
const CLTV_DELTA = 80
/** BOLT 9 feature bits as LND sets them: onion TLV and payment secret required, multi-part payments supported. */
const FEATURES = [{ bit: 8 }, { bit: 14 }, { bit: 17 }]

/** The development wallet: it signs regtest invoices and pays them itself. */
export interface EmbeddedNode extends LightningNode {
  readonly network: typeof NETWORK
  /** Pays an invoice of this node once. Throws `PayError`: `unknown`, `expired` or `already_paid`. */
  pay(bolt11: string): Payment
}

export interface EmbeddedNodeOptions {
  /** Unix time in ms. */
  readonly now: () => number
  readonly randomBytes: (size: number) => Buffer
}

/** How long invoices are created before requests are served again, at least and at most. */
const LEAST_TURN_MS = 3
const MOST_TURN_MS = 50
/**
 * In between, invoices have half as long as the rest of a turn took, a third of the time: a fixed time per turn of the
 * event loop would leave almost none for them when turns are long, and a busy service would have nothing to offer.
 */
const SHARE_OF_REST = 1 / 2

/** BOLT 11 has no limit on the length of its bech32 text. */
const MAX_INVOICE_LENGTH = Number.MAX_SAFE_INTEGER

type SigningCode = readonly [typeof import('invoices'), typeof import('tiny-secp256k1')]

/** Creates a node with a new key, in memory. The signing code (WebAssembly) loads with the first invoice. */
export function createEmbeddedNode({ now, randomBytes }: EmbeddedNodeOptions): EmbeddedNode {
  const wallet = new EmbeddedWallet(now, randomBytes(32))
  const key = randomBytes(32)
  let signingCode: Promise<SigningCode> | undefined
  let previous: Promise<unknown> = Promise.resolve()
  let turnBeganMs = Number.NEGATIVE_INFINITY
  let turnMs = LEAST_TURN_MS

  function issue(
    [{ createUnsignedRequest }, secp256k1]: SigningCode,
    { amountMsat, expirySeconds, description }: InvoiceRequest
  ): Invoice {
    const paymentSecret = randomBytes(32).toString('hex')
    const timestampSeconds = Math.floor(now() / 1000)
    const createdAtMs = timestampSeconds * 1000
    const expiresAtMs = createdAtMs + expirySeconds * 1000
    const { paymentHash } = wallet.secretOf({ paymentSecret, amountMsat, timestampSeconds, expirySeconds })
    const { hash, hrp, tags } = createUnsignedRequest({
      cltv_delta: CLTV_DELTA,
      created_at: new Date(createdAtMs).toISOString(),
      description,
      expires_at: new Date(expiresAtMs).toISOString(),
      features: FEATURES,
      id: paymentHash.toString('hex'),
      mtokens: String(amountMsat),
      network: NETWORK,
      payment: paymentSecret
    })
    // The package's own signer would try to recover the public key from each kind of signature, which takes longer than
    // all of this.
    const { signature, recoveryId } = secp256k1.signRecoverable(Buffer.from(hash, 'hex'), key)
    const words = [...tags, ...bech32.toWords([...signature, recoveryId])]
    const bolt11 = bech32.encode(hrp, words, MAX_INVOICE_LENGTH)
    return { bolt11, paymentHash, amountMsat, createdAtMs, expiresAtMs }
  }

  /** About 0.3 ms of CPU each: only a few per turn of the event loop, so that requests are served in between. */
  async function timeToSign(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - turnBeganMs < turnMs) return
    await nextTurn()
    turnBeganMs = performance.now()
    turnMs = Math.min(MOST_TURN_MS, Math.max(LEAST_TURN_MS, (turnBeganMs - nowMs) * SHARE_OF_REST))
  }

  return {
    network: NETWORK,
    createInvoice(request) {
      signingCode ??= Promise.all([import('invoices'), import('tiny-secp256k1')])
      const code = signingCode
      const invoice = previous.then(async () => {
        const loaded = await code
        await timeToSign()
        return issueOrRefuse(issue, loaded, request)
      })
      previous = invoice.catch(() => {})
      return invoice
    },
    pay: (bolt11) => wallet.pay(bolt11),
    probe: async () => {},
    close: async () => {}
  }
}

function issueOrRefuse(
  issue: (code: SigningCode, request: InvoiceRequest) => Invoice,
  code: SigningCode,
  request: InvoiceRequest
): Invoice {
  if (request.amountMsat <= 0n) throw new LightningError('refused', 'an invoice needs an amount')
  try {
    return issue(code, request)
  } catch (error) {
    throw new LightningError('refused', 'creating the invoice failed', error)
  }
}
