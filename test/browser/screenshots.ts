/** Draws each state of the pages anew: `npm run screenshots`. They are in docs/images. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { ROOT } from '../runner/joined.ts'
import { DESKTOP, type Look, noChromium, PHONE, type Prepare, type Site, startSite } from './chromium.ts'
import { ethereumWallet, injectEthereum } from './injected-wallets.ts'
import { addMovement, askForOffers, buyWithSats, checked, readBoard } from './try-page.ts'

const FOLDER = join(ROOT, 'docs', 'images')

interface Shot {
  readonly name: string
  readonly look: Look
  readonly path?: string
  readonly prepare?: Prepare
  /** Leads the page to the state that is drawn. */
  readonly lead?: (page: Page) => Promise<unknown>
}

const CINDY = 'Cindy\nAMRAP 20 min\n5 pull-ups\n10 push-ups\n15 air squats\n18 rounds + 7'
const QUESTIONS = 'Amanda\n9-7-5\nMuscle-ups\n20 DB thrusters 50/35\n7 RDLs\n6:30'
const BUSY = { status: 503, headers: { 'retry-after': '30' }, body: '' }
/** The wallet knows no other network. */
const MAINNET = 1
let site: Site

const scrollTo = (page: Page, selector: string) =>
  page.evaluate(
    `{ const { top } = document.querySelector('${selector}').getBoundingClientRect(); scrollTo({ top: top + scrollY - 80, behavior: 'instant' }) }`
  )

const SHOTS: readonly Shot[] = [
  { name: 'try', look: DESKTOP, lead: checked },
  { name: 'try-phone-dark', look: PHONE, lead: checked },
  {
    name: 'try-search',
    look: DESKTOP,
    lead: async (page) => {
      await checked(page)
      await page.getByRole('combobox', { name: 'Add a movement' }).fill('15 t2b')
      await scrollTo(page, '.lines')
    }
  },
  {
    name: 'try-error',
    look: DESKTOP,
    lead: async (page) => {
      await checked(page)
      await page.getByRole('textbox', { name: 'Load, in total' }).fill('9500')
      await page.locator('.line .wrong').first().waitFor()
      await scrollTo(page, '.lines')
    }
  },
  {
    name: 'try-amrap',
    look: DESKTOP,
    lead: async (page) => {
      await page.getByRole('button', { name: 'Clear' }).click()
      await page.getByRole('radio', { name: 'AMRAP' }).check()
      for (const words of ['5 pull-ups', '10 push-ups', '15 squats']) await addMovement(page, words)
      await page.getByLabel('Whole rounds').fill('18')
      await page.getByLabel('Time cap').fill('20:00')
      await page.getByLabel('Extra reps').first().fill('3')
      await checked(page)
    }
  },
  {
    name: 'try-whiteboard',
    look: DESKTOP,
    lead: async (page) => {
      await readBoard(page, CINDY)
      await checked(page)
    }
  },
  {
    name: 'try-questions-phone',
    look: { ...PHONE, isDark: false },
    lead: async (page) => {
      await readBoard(page, QUESTIONS)
      await checked(page)
      await scrollTo(page, '.whiteboard [role="status"]')
    }
  },
  {
    name: 'try-busy',
    look: DESKTOP,
    prepare: (page) => page.route('**/v1/payment-requirements', (route) => route.fulfill(BUSY)),
    lead: (page) => page.getByText('The service is busy').waitFor()
  },
  {
    name: 'try-wallet-refused',
    look: DESKTOP,
    prepare: (page) => injectEthereum(page, site.url, [{ name: 'Fox Wallet', behaviour: ethereumWallet(MAINNET) }]),
    lead: async (page) => {
      await askForOffers(page)
      await page.getByRole('button', { name: 'Pay with Fox Wallet' }).click()
      await page.getByText('does not know the network').waitFor()
    }
  },
  {
    name: 'try-offers',
    look: DESKTOP,
    lead: async (page) => {
      await askForOffers(page)
      await page.getByText('Pay with a wallet elsewhere').click()
      await page.locator('svg.qr').waitFor()
    }
  },
  {
    name: 'try-answer',
    look: DESKTOP,
    lead: async (page) => {
      await buyWithSats(page)
      await scrollTo(page, '.answer-view')
    }
  },
  {
    name: 'try-answer-phone-dark',
    look: PHONE,
    lead: async (page) => {
      await buyWithSats(page)
      await scrollTo(page, '.answer-view')
    }
  },
  {
    name: 'try-history',
    look: DESKTOP,
    lead: async (page) => {
      await page.getByRole('radio', { name: 'Keep in my history' }).check()
      await buyWithSats(page)
      await page.locator('.history .records li').waitFor()
      await scrollTo(page, '.history')
      await page.evaluate(`document.querySelector('.history img').decode()`)
    }
  },
  { name: 'docs', look: DESKTOP, path: '/docs' },
  { name: 'docs-phone-dark', look: PHONE, path: '/docs' },
  { name: 'docs-movements', look: DESKTOP, path: '/docs/movements' },
  {
    name: 'docs-movements-phone',
    look: { ...PHONE, isDark: false },
    path: '/docs/movements',
    lead: async (page) => {
      await page.getByLabel('Find a movement').fill('squat')
      await scrollTo(page, '.filter')
    }
  },
  { name: 'docs-problem', look: DESKTOP, path: '/docs/errors/settlement_pending' },
  { name: 'docs-curve', look: DESKTOP, path: '/docs/curve' },
  { name: 'docs-guide', look: DESKTOP, path: '/docs/guides/l402' }
]

const LIMIT_MS = 300_000

if (noChromium !== false) throw new Error(noChromium)
// The service is joined as for a test, by tap, whose limit is no limit of this script.
t.setTimeout(LIMIT_MS)
site = await startSite()
try {
  for (const { name, look, path, prepare, lead } of SHOTS) {
    const { page } = await site.open(look, path, prepare)
    await lead?.(page)
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
    await page.context().close()
  }
} finally {
  await site.close()
}
