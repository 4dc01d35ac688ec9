/** A service that is busy: the pages ask again, say so, and stop in the end. */
import type { Page } from 'playwright-core'
import t from 'tap'
import { accessibilityProblems, DESKTOP, siteOf } from './chromium.ts'
import { answered, askForOffers, checked } from './try-page.ts'

const site = await siteOf(t)

const OVERLOADED = {
  status: 503,
  headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
  body: JSON.stringify({ status: 503, code: 'overloaded', detail: 'The service is overloaded.' })
}

/** Makes the service busy for some requests to a path, or for all of them. @returns how many were refused so far */
async function busy(page: Page, path: string, times = Number.POSITIVE_INFINITY): Promise<() => number> {
  let refused = 0
  await page.route(`**${path}`, (route) => {
    if (refused >= times) return route.continue()
    refused++
    return route.fulfill(OVERLOADED)
  })
  return () => refused
}

const SERVICE_IS_BUSY = 'The service is busy. Asking again in 1 s.'

t.test('movements, prices, the check and an offer are asked for again', async (t) => {
  const { page } = await site.open(DESKTOP, '/', async (page) => {
    await busy(page, '/try/movements.json', 2)
    await busy(page, '/v1/payment-requirements', 2)
    await busy(page, '/v1/validate', 1)
    await busy(page, '/v1/compute-power', 1)
  })
  await page.getByText(SERVICE_IS_BUSY).first().waitFor()
  await page.locator('.prices').getByText('$0.10').waitFor()
  t.equal(await page.locator('.price-panel .warn').count(), 0, 'no message is left')
  await askForOffers(page)
})

t.test('a service that stays busy: a bound, a reason, and a button to try again', async (t) => {
  let refused = () => 0
  const { page } = await site.open(DESKTOP, '/', async (page) => {
    await page.clock.install()
    refused = await busy(page, '/try/movements.json')
  })
  const again = page.getByRole('button', { name: 'Try again' })
  for (let waits = 1; waits < 5; waits++) {
    await page.waitForFunction(`document.querySelector('#try').textContent.includes('Asking again')`)
    const before = refused()
    await page.clock.runFor(1500)
    await page.waitForFunction(`true`)
    while (refused() === before) await page.clock.runFor(100)
  }
  await again.waitFor()
  t.match(await page.locator('#try').innerText(), 'The service is overloaded.')
  t.equal(refused(), 5)
  t.strictSame(await accessibilityProblems(page), [])
  await page.unrouteAll()
  await again.click()
  await checked(page)
})

t.test('after the payment: a busy service is asked again with the same proof', async (t) => {
  const { page } = await site.open(DESKTOP)
  await askForOffers(page)
  const proofs = new Set<string>()
  page.on('request', (request) => {
    const { authorization } = request.headers()
    if (authorization !== undefined) proofs.add(authorization)
  })
  await busy(page, '/v1/compute-power', 2)
  await page.getByRole('button', { name: 'Pay with play sats' }).click()
  await page.getByText('The service is overloaded.').waitFor()
  await answered(page)
  t.equal(proofs.size, 1)
})

t.test('the search of the documentation', async () => {
  const { page } = await site.open(DESKTOP, '/docs', (page) => busy(page, '/docs/search.json', 1))
  await page.getByLabel('Search the documentation').fill('proof_consumed')
  await page.locator('#found').getByText(SERVICE_IS_BUSY).waitFor()
  await page.locator('#found a').first().waitFor()
})
