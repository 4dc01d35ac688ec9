import { useEffect, useState } from 'preact/hooks'
import { copyText } from '../../copy-text.ts'
import { serviceUrl } from '../../service-url.ts'
import type { Offer } from '../purchase/offer.ts'
import type { Pay, Purchase, PurchaseState, Step } from '../purchase/purchase.ts'
import { hasPlayMoney, programRails, type SoldRail } from '../purchase/rails.ts'
import { useEthereumWallets } from '../wallets/announced-wallets.ts'
import { payWithEthereum } from '../wallets/ethereum-wallet.ts'
import { termsOf } from '../wallets/transfer.ts'
import { payWithWebLn } from '../wallets/webln-wallet.ts'
import { useTitleFocus } from './title-focus.ts'

interface Props {
  readonly state: PurchaseState
  readonly purchase: Purchase
  readonly rails: readonly SoldRail[]
  readonly onClose: () => void
}

const STEPS: readonly (readonly [Step, string])[] = [
  ['asking', 'Offer'],
  ['offered', 'Payment'],
  ['settling', 'Settlement'],
  ['answered', 'Answer']
]

/** What happens, or what to do next, where a step has no message of its own. */
const WORDS: Readonly<Partial<Record<Step, string>>> = {
  asking: 'Asking for an offer.',
  offered: 'Choose one way to pay. Nothing is charged before that.'
}

/** Which part of the progress line a step is in. */
const PLACE: Readonly<Record<Step, number>> = { asking: 0, offered: 1, paying: 1, settling: 2, answered: 4, failed: -1 }

/** A purchase under way: its progress, and the ways to pay. */
export function PayPanel({ state, purchase, rails, onClose }: Props) {
  const { step, offer, message, problem } = state
  const place = PLACE[step]
  const canPay = step === 'offered' && offer !== undefined
  // Each step takes its buttons away: the focus stays in the panel.
  const title = useTitleFocus(true, step)
  return (
    <section class="panel pay" aria-labelledby="pay-title" id="pay">
      <h2 id="pay-title" tabIndex={-1} ref={title}>
        Buy the answer
      </h2>
      <ol class="progress" aria-label="Progress">
        {STEPS.map(([name, words], index) => (
          <li
            key={name}
            class={index < place ? 'done' : index === place ? 'now' : ''}
            aria-current={index === place ? 'step' : undefined}
          >
            {words}
            {index < place && <span class="sr"> done</span>}
          </li>
        ))}
      </ol>
      <p role="status" class={step === 'failed' ? 'wrong' : 'message'}>
        {message ?? WORDS[step]}
      </p>
      {problem?.type && (
        <p>
          <a href={serviceUrl(`/docs/errors/${problem.code}`)}>What this means</a>
        </p>
      )}
      {canPay && offer.invoice !== undefined && (
        <Lightning offer={offer} purchase={purchase} hasDevelopmentWallet={hasPlayMoney(rails, 'l402')} />
      )}
      {canPay && offer.accepts !== undefined && (
        <Dollars offer={offer} purchase={purchase} hasDevelopmentWallet={hasPlayMoney(rails, 'x402')} />
      )}
      {canPay &&
        programRails(rails, offer.unavailable).map(({ name, title }) => (
          <div key={name} class="rail">
            <h3>{title}</h3>
            <p class="message">
              This page has no wallet for it. <a href={serviceUrl(`/docs/guides/${name}`)}>Pay with a program</a>{' '}
              instead.
            </p>
          </div>
        ))}
      {canPay &&
        Object.entries(offer.unavailable ?? {}).map(([rail, reason]) => (
          <p key={rail} class="message">
            <code>{rail}</code> is not available: {reason}
          </p>
        ))}
      {step === 'paying' && (
        <button type="button" onClick={() => purchase.stopWaiting()}>
          Stop waiting
        </button>
      )}
      {step === 'failed' && (problem === undefined || problem.status >= 500 || problem.status === 429) && (
        <button type="button" onClick={() => purchase.begin()}>
          Ask again
        </button>
      )}
      {step !== 'paying' && step !== 'settling' && (
        <button type="button" class="quiet" onClick={onClose}>
          Back to the workout
        </button>
      )}
    </section>
  )
}

/** The development wallet is loaded on demand, because it includes the signing code. */
async function developmentPay(kind: 'sats' | 'dollars'): Promise<Pay> {
  const wallets = await import('../wallets/development-wallets.ts')
  return kind === 'sats' ? wallets.payWithDevelopmentSats : wallets.payWithDevelopmentDollars
}

interface LightningProps {
  readonly offer: Offer
  readonly purchase: Purchase
  readonly hasDevelopmentWallet: boolean
}

function Lightning({ offer, purchase, hasDevelopmentWallet }: LightningProps) {
  const [preimage, setPreimage] = useState('')
  const invoice = offer.invoice ?? ''
  return (
    <div class="rail">
      <h3>
        Lightning <span class="amount">{offer.priceSats} sats</span>
      </h3>
      <div class="wallets">
        {hasDevelopmentWallet && (
          <button type="button" class="primary" onClick={async () => purchase.pay(await developmentPay('sats'))}>
            Pay with play sats
          </button>
        )}
        {window.webln !== undefined && (
          <button type="button" class="primary" onClick={() => purchase.pay(payWithWebLn)}>
            Pay with this browser's Lightning wallet
          </button>
        )}
      </div>
      <details open={!hasDevelopmentWallet && window.webln === undefined}>
        <summary>Pay with a wallet elsewhere</summary>
        <div class="invoice">
          <QrCode text={invoice.toUpperCase()} label="QR code of the invoice" />
          <div>
            <CopyButton text={invoice} name="Copy the invoice" />
            <p class="mono">{invoice}</p>
            {offer.invoice_expires_at !== undefined && (
              <small>Good until {new Date(offer.invoice_expires_at).toLocaleTimeString()}.</small>
            )}
          </div>
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            purchase.prove(preimage)
          }}
        >
          <label for="preimage">Then paste the preimage (proof of payment) that the wallet shows</label>
          <div class="quantity">
            <input
              id="preimage"
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={preimage}
              onInput={(event) => setPreimage(event.currentTarget.value)}
            />
            <button type="submit">Get the answer</button>
          </div>
        </form>
      </details>
    </div>
  )
}

interface DollarsProps {
  readonly offer: Offer
  readonly purchase: Purchase
  readonly hasDevelopmentWallet: boolean
}

function Dollars({ offer, purchase, hasDevelopmentWallet }: DollarsProps) {
  const { extra, network } = termsOf(offer)
  const wallets = useEthereumWallets()
  return (
    <div class="rail">
      <h3>
        Dollars <span class="amount">${offer.price_usd}</span>
      </h3>
      <p class="message">
        {extra.name} on <code>{network}</code>. The wallet signs; it pays no gas.
      </p>
      <div class="wallets">
        {hasDevelopmentWallet && (
          <button type="button" class="primary" onClick={async () => purchase.pay(await developmentPay('dollars'))}>
            Pay with play dollars
          </button>
        )}
        {wallets.map(({ name, wallet }) => (
          <button key={name} type="button" class="primary" onClick={() => purchase.pay(payWithEthereum(wallet))}>
            Pay with {name}
          </button>
        ))}
        {wallets.length === 0 && !hasDevelopmentWallet && (
          <p>
            There is no EVM wallet in this browser. <a href={serviceUrl('/docs/guides/x402')}>Pay with a program</a>{' '}
            instead.
          </p>
        )}
      </div>
    </div>
  )
}

function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [code, setCode] = useState<{ size: number; path: string }>()
  useEffect(() => {
    import('../wallets/qr-path.ts').then(({ qrPath }) => setCode(qrPath(text)))
  }, [text])
  if (code === undefined) return <div class="qr" />
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={code.size} height={code.size} fill="#fff" />
      <path d={code.path} fill="#000" />
    </svg>
  )
}

export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [outcome, setOutcome] = useState<string>()
  const copy = async () => {
    setOutcome((await copyText(text)) ? 'Copied' : 'The browser does not copy')
    setTimeout(() => setOutcome(undefined), 1500)
  }
  return (
    <button type="button" onClick={copy}>
      {outcome ?? name}
    </button>
  )
}
