/** The page by keyboard alone, in every state, and for people who want no motion. */
import type { Page } from 'playwright-core'
import t from 'tap'
import { accessibilityProblems, DESKTOP, PHONE, siteOf } from './chromium.ts'
import { answered, checked } from './try-page.ts'

const site = await siteOf(t)

/** More controls than the page has. */
const MOST_TABS = 80

/** What the focus is on, as a screen reader names it. */
const focused = (page: Page) =>
  page.evaluate(`(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()`) as Promise<string>

/** Presses Tab until a control has the focus. @returns how often */
async function tabTo(page: Page, name: string): Promise<number> {
  for (let presses = 1; presses <= MOST_TABS; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === name) return presses
  }
  throw new Error(`the focus never reached ${name}`)
}

t.test('a workout is written, bought and read by keyboard alone', async (t) => {
  const { page, wrong } = await site.open(DESKTOP)
  await checked(page)
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Skip to the content')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Clear')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Total time')
  await page.keyboard.type('5:00')
  await tabTo(page, 'Add a movement')
  await page.keyboard.type('30 burp')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  t.equal(await focused(page), 'Add a movement', 'the next movement can be written')
  await checked(page)
  await tabTo(page, 'Buy the answer')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Pay with play sats' }).waitFor()
  t.equal(await focused(page), 'Buy the answer', 'the focus is on the heading of the panel')
  t.equal(await tabTo(page, 'Pay with play sats'), 1)
  await tabTo(page, 'Back to the workout')
  await page.keyboard.press('Enter')
  t.equal(await focused(page), 'Price', 'the focus returns with the price')
  await tabTo(page, 'Buy the answer')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Pay with play dollars' }).waitFor()
  await tabTo(page, 'Pay with play dollars')
  await page.keyboard.press('Enter')
  await answered(page)
  t.equal(await focused(page), 'The answer')
  t.strictSame(wrong, [])
})

t.test('whiteboards of a gym, pasted and bought', async (t) => {
  const boards: [string, RegExp][] = [
    ['Fran\n21-15-9\nThrusters (95/65)\nPull-ups\nTime 4:20', /thruster/],
    ['Cindy\nAMRAP 20\n5 pull-ups\n10 push-ups\n15 air squats\n18 rounds + 7', /push up/],
    ['EMOM 10\n3 power cleans @ 135 lb\n6 burpees', /power clean/],
    ['5x5 back squats @ 225\nRest 3:00\nTime 15:00', /back squat/],
    ['3 rounds for time\n500 m row\n400 m run\n12:30', /run/]
  ]
  for (const [board, words] of boards) {
    const { page, wrong } = await site.open(PHONE)
    await page.getByText('Write or paste the whole whiteboard').click()
    await page.getByLabel('The workout, a line each').fill(board)
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByText('Read. Check it below.').waitFor()
    await checked(page)
    await page.getByRole('button', { name: 'Buy the answer' }).click()
    await page.getByRole('button', { name: 'Pay with play sats' }).click()
    await answered(page)
    t.match(await page.locator('.answer-view').innerText(), words, board)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width, `${board}: as wide as the phone`)
    t.strictSame(await accessibilityProblems(page), [], board)
    t.strictSame(wrong, [], board)
    await page.context().close()
  }
})

t.test('nothing moves for those who want no motion', async (t) => {
  for (const path of ['/', '/docs']) {
    const { page } = await site.open(DESKTOP, path, (page) => page.emulateMedia({ reducedMotion: 'reduce' }))
    if (path === '/') await checked(page)
    t.equal(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior'), 'auto', path)
    t.equal(await page.evaluate('document.getAnimations().length'), 0, path)
    const moving = await page.evaluate(`[...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element)
      return transitionDuration !== '0s' || animationName !== 'none'
    }).length`)
    t.equal(moving, 0, `${path}: no element has a transition or an animation`)
  }
})
