/** Wallets that a browser brings: WebLN and EIP-1193, with real payments on the development rails. */
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { accessibilityProblems, DESKTOP, type Prepare, siteOf } from './chromium.ts'
import {
  developmentPay,
  type EthereumBehaviour,
  ethereumWallet,
  Held,
  injectEthereum,
  injectWebLn,
  type WebLnBehaviour
} from './injected-wallets.ts'
import { answered, askForOffers } from './try-page.ts'

const site = await siteOf(t)
const { network } = (await (await fetch(`${site.url}/dev/x402`)).json()) as { network: string }
const chainId = Number(network.split(':')[1])

const REFUSED = { message: 'User rejected the request.', code: 4001 }
/** Longer than the page waits for a wallet. */
const LONG = '05:00'

/** A page with the offers on it. What is wrong with it in the end fails the test. */
async function offered(t: Test, prepare: Prepare): Promise<Page> {
  const { page, wrong } = await site.open(DESKTOP, '/', prepare)
  t.teardown(() => page.context().close())
  await askForOffers(page)
  t.strictSame(wrong, [])
  return page
}

const status = (page: Page) => page.locator('#pay [role=status]')
const webLnButton = (page: Page) => page.getByRole('button', { name: "Pay with this browser's Lightning wallet" })

function webLn(): WebLnBehaviour & { payments: number } {
  const behaviour = {
    payments: 0,
    enable: async () => {},
    pay: async (invoice: string) => {
      behaviour.payments++
      return developmentPay(site.url, invoice)
    }
  }
  return behaviour
}

/** A wallet that pays only once it is released. */
function heldWebLn() {
  const wallet = webLn()
  const held = new Held()
  const { pay } = wallet
  wallet.pay = async (invoice) => {
    await held.released
    return pay(invoice)
  }
  return { wallet, held }
}

t.test('WebLN: refused, then paid once', async (t) => {
  const wallet = webLn()
  const { pay } = wallet
  const page = await offered(t, (page) => injectWebLn(page, wallet))
  wallet.enable = async () => {
    throw REFUSED
  }
  await webLnButton(page).click()
  await status(page).getByText('The wallet did not pay: User rejected the request.').waitFor()
  wallet.enable = async () => {}
  wallet.pay = async () => {
    throw { message: 'Payment cancelled' }
  }
  await webLnButton(page).click()
  await status(page).getByText('The wallet did not pay: Payment cancelled.').waitFor()
  wallet.pay = async () => ({})
  await webLnButton(page).click()
  await status(page).getByText('it shows no preimage').waitFor()
  t.strictSame(await accessibilityProblems(page), [])
  wallet.pay = pay
  await webLnButton(page).click()
  await answered(page)
  t.equal(wallet.payments, 1)
})

t.test('WebLN: a wallet that answers late has paid, and its answer comes', async (t) => {
  const { wallet, held } = heldWebLn()
  const page = await offered(t, async (page) => {
    await page.clock.install()
    await injectWebLn(page, wallet)
  })
  await webLnButton(page).click()
  await status(page).getByText('Waiting for the wallet.').waitFor()
  t.strictSame(await accessibilityProblems(page), [])
  await page.clock.fastForward(LONG)
  await status(page).getByText('The wallet has not answered.').waitFor()
  t.ok(await page.getByRole('button', { name: 'Pay with play sats' }).isEnabled(), 'another way to pay is there')
  t.strictSame(await accessibilityProblems(page), [])
  held.release()
  await answered(page)
  t.equal(wallet.payments, 1)
})

t.test('WebLN: a person who stops waiting and leaves still gets what the wallet pays', async (t) => {
  const { wallet, held } = heldWebLn()
  const page = await offered(t, (page) => injectWebLn(page, wallet))
  await webLnButton(page).click()
  await page.getByRole('button', { name: 'Stop waiting' }).click()
  await page.getByRole('button', { name: 'Back to the workout' }).click()
  await page.getByRole('button', { name: 'Buy the answer' }).waitFor()
  held.release()
  await answered(page)
  t.equal(wallet.payments, 1)
})

t.test('EIP-6963: each wallet has its button; a wrong network is switched; the transfer is settled', async (t) => {
  const wallet = ethereumWallet(chainId)
  const page = await offered(t, (page) =>
    injectEthereum(page, site.url, [
      { name: 'Fox', behaviour: ethereumWallet(chainId) },
      { name: 'Owl', behaviour: wallet }
    ])
  )
  await page.getByRole('button', { name: 'Pay with Fox' }).waitFor()
  t.strictSame(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Pay with Owl' }).click()
  await answered(page)
  t.strictSame(wallet.calls, [
    'eth_requestAccounts',
    'eth_chainId',
    'wallet_switchEthereumChain',
    'eth_chainId',
    'eth_signTypedData_v4'
  ])
  t.match(await page.locator('.answer-view').innerText(), /Settled by transaction\s+0x[0-9a-f]{64}/)
})

const single = (t: Test, behaviour: EthereumBehaviour, prepare?: Prepare) =>
  offered(t, async (page) => {
    await prepare?.(page)
    await injectEthereum(page, site.url, { name: '', behaviour })
  })
const ethereumButton = (page: Page) => page.getByRole('button', { name: "Pay with this browser's wallet" })

t.test('EIP-1193: refused at each step, then paid', async (t) => {
  const wallet = ethereumWallet(chainId)
  const page = await single(t, wallet)
  for (const refused of ['eth_requestAccounts', 'wallet_switchEthereumChain', 'eth_signTypedData_v4']) {
    wallet.before = (method) => {
      if (method === refused) throw REFUSED
    }
    await ethereumButton(page).click()
    await status(page).getByText('The wallet did not pay: it was declined in the wallet.').waitFor()
  }
  wallet.before = () => {}
  await ethereumButton(page).click()
  await answered(page)
})

t.test('EIP-1193: a network that the wallet does not know, or does not switch to', async (t) => {
  const wallet = ethereumWallet(chainId)
  const page = await single(t, wallet)
  wallet.known.delete(chainId)
  await ethereumButton(page).click()
  await status(page).getByText(`it does not know the network eip155:${chainId}`).waitFor()
  wallet.known.add(chainId)
  wallet.before = (method) => {
    if (method === 'eth_chainId') wallet.chainId = 1
  }
  await ethereumButton(page).click()
  await status(page).getByText(`it is not on the network eip155:${chainId}`).waitFor()
  t.notOk(wallet.calls.includes('eth_signTypedData_v4'), 'nothing was signed')
})

t.test('EIP-1193: a signature that comes late is not used', async (t) => {
  const wallet = ethereumWallet(chainId)
  const held = new Held()
  wallet.before = async (method) => {
    if (method === 'eth_signTypedData_v4') await held.released
  }
  const page = await single(t, wallet, (page) => page.clock.install())
  const payments: string[] = []
  page.on('request', (request) => {
    const signature = request.headers()['payment-signature']
    if (signature !== undefined) payments.push(signature)
  })
  await ethereumButton(page).click()
  await status(page).getByText('Waiting for the wallet.').waitFor()
  await page.clock.fastForward(LONG)
  await status(page).getByText('a signature that comes late is not used').waitFor()
  held.release()
  await page.getByRole('button', { name: 'Pay with play sats' }).click()
  await answered(page)
  t.strictSame(payments, [])
})
