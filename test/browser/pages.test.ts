import t from 'tap'
import { until } from '../support/until.ts'
import { accessibilityProblems, DESKTOP, PHONE, siteOf } from './chromium.ts'
import { addMovement, answered, askForOffers, buyWithSats, checked } from './try-page.ts'

const site = await siteOf(t)

t.test('a purchase in sats: figures, pictures, notes, programs', async (t) => {
  const { page, wrong } = await site.open(DESKTOP)
  await buyWithSats(page)
  const view = page.locator('.answer-view')
  t.match(await view.locator('.figures').innerText(), /Work\s+[\d.]+ ± [\d.]+ kJ/)
  t.equal(await view.locator('.chart').count(), 2)
  t.equal(await view.locator('.chart').first().locator('.bar-fill').count(), 3, 'a bar for each round')
  t.ok((await view.locator('.notes li').count()) > 0, 'notes in words')
  for (const language of ['curl', 'TypeScript', 'Python']) {
    await view.getByRole('tab', { name: language }).click()
    const code = await view.locator('#program code').innerText()
    t.match(code, '/v1/compute-power', language)
    t.match(code, '11111111-1111-1111-1111-111111111111', `${language}: no UUID of an athlete`)
  }
  t.strictSame(await accessibilityProblems(page), [])
  t.strictSame(wrong, [])
})

t.test('a purchase in dollars, on a phone in the dark', async (t) => {
  const { page, wrong } = await site.open(PHONE)
  await askForOffers(page)
  t.strictSame(await accessibilityProblems(page), [])
  await page.getByRole('button', { name: 'Pay with play dollars' }).click()
  await answered(page)
  t.match(await page.locator('.answer-view').innerText(), /Settled by transaction\s+0x[0-9a-f]{64}/)
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width, 'nothing is wider than the phone')
  t.strictSame(await accessibilityProblems(page), [])
  t.strictSame(wrong, [])
})

t.test('an error is shown at its field while it is written, and mended', async (t) => {
  const { page, wrong } = await site.open(DESKTOP)
  await checked(page)
  const load = page.getByRole('textbox', { name: 'Load, in total' })
  await load.fill('95000')
  const field = page.locator('.control', { has: load })
  await field.locator('.wrong').waitFor()
  t.match(await field.locator('.wrong').innerText(), /^External load must be at least 0 and at most 1102\.31 lb/)
  t.equal(await load.getAttribute('aria-invalid'), 'true')
  t.ok(await page.getByRole('button', { name: 'Buy the answer' }).isDisabled(), 'what cannot be computed is not sold')
  t.strictSame(await accessibilityProblems(page), [])
  await load.fill('95')
  await checked(page)
  t.equal(await field.locator('.wrong').count(), 0)
  t.strictSame(wrong, [])
})

t.test('a page that is lost between payment and answer finds the answer again', async (t) => {
  for (const rail of ['sats', 'dollars']) {
    const { page } = await site.open(DESKTOP)
    await askForOffers(page)
    const proofs = new Set<string>()
    await page.route('**/v1/compute-power', async (route) => {
      const headers = route.request().headers()
      proofs.add(headers.authorization ?? headers['payment-signature'] ?? '')
      // The service takes the payment, and its answer is lost on the way.
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: `Pay with play ${rail}` }).click()
    await page.getByText('The line was lost').waitFor()
    await page.unrouteAll()
    page.on('request', (request) => {
      const headers = request.headers()
      if (request.url().endsWith('/v1/compute-power'))
        proofs.add(headers.authorization ?? headers['payment-signature'] ?? '')
    })
    await page.reload()
    await answered(page)
    t.equal(proofs.size, 1, `${rail}: one payment`)
    t.equal(
      await page.evaluate(`localStorage.getItem('power-oracle.purchase')`),
      null,
      `${rail}: the proof is forgotten`
    )
  }
})

t.test('a whiteboard is found as people write it', async (t) => {
  const { page, wrong } = await site.open(DESKTOP)
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('radio', { name: 'AMRAP' }).check()
  await addMovement(page, '5 pull-ups')
  await addMovement(page, '10 pushups')
  await addMovement(page, '15 squats')
  await addMovement(page, '200 m run')
  const names = await page.locator('.line h3').allInnerTexts()
  t.strictSame(
    names.map((name) => name.toLowerCase()),
    ['pull up', 'push up', 'air squat', 'run']
  )
  await page.getByLabel('Whole rounds').fill('4')
  await page.getByLabel('Time cap').fill('12:00')
  await page.getByLabel('Extra reps').first().fill('3')
  await checked(page)
  t.strictSame(await accessibilityProblems(page), [])
  const share = page.getByRole('button', { name: 'Copy a link to this workout' })
  await share.click()
  const link = String(await page.evaluate('navigator.clipboard.readText()'))
  t.notMatch(atob(link.split('#w=')[1]!.replaceAll('-', '+').replaceAll('_', '/')), /uuid|height|mass|[0-9a-f]{8}-/)
  const other = await site.open(DESKTOP, new URL(link).hash.replace(/^/, '/'))
  await checked(other.page)
  t.equal(await other.page.locator('.line').count(), 4, 'the link opens the workout')
  t.strictSame(wrong, [])
})

t.test('every page: no violation, by keyboard, and wide enough for a phone', async (t) => {
  const paths = [
    '/docs',
    '/docs/errors',
    '/docs/errors/proof_consumed',
    '/docs/movements',
    '/docs/curve',
    '/docs/guides/l402',
    '/docs/guides/operators'
  ]
  for (const look of [DESKTOP, PHONE])
    for (const path of paths) {
      const { page, wrong } = await site.open(look, path)
      t.strictSame(await accessibilityProblems(page), [], `${path} at ${look.width}`)
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), look.width, `${path} at ${look.width}`)
      t.strictSame(wrong, [], path)
      await page.keyboard.press('Tab')
      t.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the content', path)
      await page.context().close()
    }
})

t.test('the documentation: search, tabs, copy, filter', async (t) => {
  const { page, wrong } = await site.open(DESKTOP, '/docs')
  await page.keyboard.press('/')
  await page.keyboard.type('proof_consumed')
  const hit = page.locator('#found a').first()
  await hit.waitFor()
  t.equal(await hit.getAttribute('href'), `${site.url}/docs/errors/proof_consumed`)
  await page.getByRole('tab', { name: 'Python' }).click()
  await page.locator('.tab:not([hidden]) .copy').first().click()
  t.match(await page.evaluate('navigator.clipboard.readText()'), /^import json/)
  await page.goto(`${site.url}/docs/movements`)
  await page.getByLabel('Find a movement').fill('chin up')
  t.equal(await page.locator('#movements tbody tr:visible').count(), 1, 'found by an alias')
  t.strictSame(wrong, [])
})

t.test('a service in a local network, without TLS: the form works, and copies', async (t) => {
  const { page } = await site.open(DESKTOP)
  await page.goto(site.plainUrl)
  t.equal(await page.evaluate('isSecureContext'), false)
  await page.getByRole('radio', { name: 'Keep in my history' }).check()
  await checked(page)
  await page.getByRole('button', { name: 'Copy a link to this workout' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  await page.getByText('Write or paste the whole whiteboard').click()
  const area = page.getByLabel('The workout, a line each')
  await area.press('Control+V')
  t.ok((await area.inputValue()).startsWith(`${site.plainUrl}/#w=`))
})

t.test('without scripts: the form says so, the documentation is whole', async (t) => {
  const { page, wrong } = await site.open({ ...DESKTOP, hasScripts: false })
  const place = await page.locator('#try').textContent()
  t.match(place, /^This form needs JavaScript\. Buying with curl/)
  t.notMatch(place, 'Loading')
  await page.getByRole('link', { name: 'Guides' }).click()
  await page.getByRole('heading', { name: 'Buy with curl' }).waitFor()
  await page.getByRole('link', { name: 'API reference' }).click()
  const samples = page.locator('[data-tabs="Buy an answer over Lightning (L402)"] .tab').filter({ visible: true })
  t.equal(await samples.count(), 3, 'every language is shown')
  t.notOk(await page.getByLabel('Search the documentation').isVisible(), 'no control that does nothing')
  await page.getByRole('link', { name: 'Movements', exact: true }).first().click()
  await page.locator('#movements').waitFor()
  t.ok((await page.locator('#movements tbody tr').filter({ visible: true }).count()) > 90)
  t.strictSame(wrong, [])
})

t.test('the documentation: anchors, copies of every sample, tabs by arrow keys', async (t) => {
  const { page, wrong } = await site.open(DESKTOP, '/docs#computePower-request.splits')
  const field = page.locator('[id="computePower-request.splits"]')
  // The policy of the page forbids the evaluation of a string in it.
  const { height } = page.viewportSize()!
  await until('the field is in view', async () => ((await field.boundingBox())?.y ?? height) < height)
  await field.getByRole('link').first().click()
  t.match(page.url(), '#computePower-request.splits')
  const tabs = page.getByRole('tablist').first()
  await tabs.getByRole('tab', { name: 'curl' }).focus()
  for (const [language, beginning] of [
    ['TypeScript', 'const url'],
    ['Python', 'import json'],
    ['curl', 'URL=']
  ] as const) {
    await page.keyboard.press('ArrowRight')
    t.equal(await page.evaluate('document.activeElement.textContent'), language)
    await page.locator('.tab:not([hidden]) .copy').first().click()
    t.ok(String(await page.evaluate('navigator.clipboard.readText()')).startsWith(beginning), language)
    await tabs.getByRole('tab', { name: language }).focus()
  }
  t.strictSame(wrong, [])
})

t.test('small and quick, as Chromium measures it', async (t) => {
  for (const [path, mostBytes] of [
    ['/', 100_000],
    ['/docs', 100_000]
  ] as const) {
    const { page } = await site.open(DESKTOP, path)
    await page.waitForLoadState('networkidle')
    const bytes = Number(
      await page.evaluate(
        `performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`
      )
    )
    const paint = Number(await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`))
    t.comment(`${path}: ${bytes} bytes compressed, first contentful paint after ${Math.round(paint)} ms`)
    t.ok(bytes > 5000 && bytes < mostBytes, `${path}: ${bytes} bytes`)
  }
})
