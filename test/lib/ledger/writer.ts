/** A process to be killed, or to run out of disk: `writer.ts <claim|capture|fill> <path>`. It prints one JSON line. */

import { answer, claim, NOW_MS, record, request } from './helpers.ts'
import { SqliteLedger } from './sqlite-ledger.ts'

const [mode, path = ''] = process.argv.slice(2)
const ledger = new SqliteLedger(path, () => NOW_MS)
const tell = (facts: object) => process.stdout.write(`${JSON.stringify(facts)}\n`)

if (mode === 'fill') {
  let written = 0
  let failure: unknown
  let isReported = true
  const letter = { status: 200, body: 'x'.repeat(20_000) }
  while (failure === undefined && written < 10_000) {
    const held = await claim(ledger, request(`${written}`))
    const lastName = `late${written}`
    const late = await claim(ledger, request(lastName))
    await Promise.all([ledger.capture(held, letter), ledger.capture(late, letter, record(lastName))]).then(
      () => {
        written += 1
      },
      (error) => {
        failure = error
      }
    )
    isReported = !ledger.isWritable()
  }
  let claimFailure: unknown
  try {
    ledger.claim(request('next'))
  } catch (error) {
    claimFailure = error
  }
  const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'none')
  const { kind: replay } = await ledger.claim(request('0'))
  tell({ written, failure: nameOf(failure), isReported, claimFailure: nameOf(claimFailure), replay })
  await ledger.close()
} else {
  const held = await claim(ledger, request('killed'))
  if (mode === 'capture') await ledger.capture(held, answer('paid'), record('killed'))
  tell({ done: mode })
  setInterval(() => {}, 1000)
}
