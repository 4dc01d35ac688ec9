/** The page under a prefix that a proxy strips: assets, the check, a purchase, the search. */
import t from 'tap'
import { startPrefixProxy } from '../support/prefix-proxy.ts'
import { DESKTOP, leaveOutWithoutChromium, startSite } from './chromium.ts'
import { buyWithSats } from './try-page.ts'

leaveOutWithoutChromium(t)

t.test('a purchase and a search below the prefix; nothing is asked beside it', async (t) => {
  const proxy = await startPrefixProxy('/power')
  t.teardown(() => proxy.close())
  const site = await startSite({ publicUrl: proxy.publicUrl })
  t.teardown(() => site.close())
  proxy.serve(site.url)
  for (const path of ['/', '']) {
    const { page, wrong } = await site.open(DESKTOP, path)
    t.ok(page.url().startsWith(proxy.publicUrl), page.url())
    await page.getByRole('radio', { name: 'Keep in my history' }).check()
    await buyWithSats(page)
    await page.locator('.history .records li').waitFor()
    await page.evaluate(`document.querySelector('.history img').decode()`)
    await page.getByRole('button', { name: 'Copy a link to this workout' }).click()
    t.match(await page.evaluate('navigator.clipboard.readText()'), `${proxy.publicUrl}/#w=`)
    t.strictSame(wrong, [])
  }
  const { page, wrong } = await site.open(DESKTOP, '/docs')
  await page.keyboard.press('/')
  await page.keyboard.type('thruster')
  await page.locator('#found a').first().click()
  await page.waitForURL(`${proxy.publicUrl}/docs/movements**`)
  t.strictSame(wrong, [])
  t.strictSame(proxy.strays, [])
})
