import { btcd, height } from './btcd.ts'
import { say } from './say.ts'

const MAX_BLOCKS = 1000

/** Mines blocks, one where no number is given; the coins go to the payer's LND. */
export async function mine(blocks = '1'): Promise<void> {
  const count = Number(blocks)
  if (!Number.isInteger(count) || count < 1 || count > MAX_BLOCKS)
    throw new Error(`the number of blocks must be from 1 to ${MAX_BLOCKS}`)
  await btcd('generate', count)
  say(`height ${await height()}`)
}
