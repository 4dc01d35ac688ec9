import type { Page } from 'playwright-core'

/** What a person does on the page to try it. */
export async function checked(page: Page): Promise<void> {
  await page.getByText('This can be computed').waitFor()
}

/** Goes from the filled form to the offers. */
export async function askForOffers(page: Page): Promise<void> {
  await checked(page)
  await page.getByRole('button', { name: 'Buy the answer' }).click()
  await page.getByRole('button', { name: 'Pay with play sats' }).waitFor()
}

export async function buyWithSats(page: Page): Promise<void> {
  await askForOffers(page)
  await page.getByRole('button', { name: 'Pay with play sats' }).click()
  await answered(page)
}

export async function answered(page: Page): Promise<void> {
  await page.locator('.answer-view').waitFor()
}

/** Adds a movement as it is written on a whiteboard. */
export async function addMovement(page: Page, words: string): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Add a movement' })
  await box.fill(words)
  await box.press('Enter')
}

/** Reads a whole whiteboard into the form. */
export async function readBoard(page: Page, text: string): Promise<void> {
  await page.getByText('Write or paste the whole whiteboard').click()
  await page.getByLabel('The workout, a line each').fill(text)
  await page.getByRole('button', { name: 'Read it' }).click()
}
