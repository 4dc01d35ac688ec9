/** Writes a log to standard output: so many lines for each number on standard input. Says on standard error when it did. */
import { createInterface } from 'node:readline'
import { openLog } from '../../../lib/log/log.ts'

const log = openLog({ level: 'info' })
const padding = 'x'.repeat(200)
let line = 0

for await (const count of createInterface({ input: process.stdin })) {
  for (let last = line + Number(count); line < last; line++) log.info({ line, padding }, 'a line')
  process.stderr.write(`${line}\n`)
}
