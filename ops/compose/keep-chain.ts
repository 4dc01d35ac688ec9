import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { blockAt, btcd, height } from './btcd.ts'
import { KeptBlocks } from './kept-blocks.ts'
import { say } from './say.ts'
import { until } from './until.ts'

const BLOCKS_FILE = '/blocks/regtest'
/** Read by the health check. */
const READY_FILE = '/tmp/chain-is-there'
const LND_FOLDERS = ['/lnd-merchant', '/lnd-payer']
const WALLET_FILE = 'data/chain/bitcoin/regtest/wallet.db'
const LOOK_MS = 500
/** Enough for LND to start on; `setup` mines the rest once the payer has its wallet. */
const FIRST_BLOCKS = 330

/**
 * Keeps the regtest chain over btcd's restarts, each of which empties it: copies every block to a file, and gives them
 * back to a btcd that has lost them. LND starts once this is done. Runs until it is stopped.
 */
export async function keepChain(): Promise<void> {
  rmSync(READY_FILE, { force: true })
  const kept = new KeptBlocks(BLOCKS_FILE)
  await until('btcd', async () => (await height()) >= 0)
  await begin(kept)
  writeFileSync(READY_FILE, '')
  for (;;) {
    try {
      await follow(kept)
    } catch (error) {
      say(`no word from btcd: ${(error as Error).message}`)
    }
    await sleep(LOOK_MS)
  }
}

async function begin(kept: KeptBlocks): Promise<void> {
  if (kept.height === 0 && (await height()) === 0) {
    forgetWallets()
    await btcd('generate', FIRST_BLOCKS)
    say(`a new regtest chain: ${FIRST_BLOCKS} blocks`)
  }
  await follow(kept)
  // LND takes a chain whose last block is old for one that is still behind, and does not start.
  await btcd('generate', 1)
  await follow(kept)
}

/** Wallets that know coins and channels of a chain which is gone can do nothing with another one. */
function forgetWallets(): void {
  const used = LND_FOLDERS.filter((folder) => existsSync(join(folder, WALLET_FILE)))
  if (used.length === 0) return
  say('the regtest chain was reset and no block was kept: both LND wallets start anew, and setup opens a new channel')
  for (const folder of LND_FOLDERS)
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Brings btcd and the file to the same height. */
async function follow(kept: KeptBlocks): Promise<void> {
  const reached = await height()
  const common = Math.min(reached, kept.height)
  if (common > 0 && (await blockAt(common)) !== kept.at(common)) {
    say('the chain is another one than was kept: its blocks are kept from now on')
    kept.clear()
  }
  if (reached < kept.height) {
    say(`btcd has lost its chain: giving back blocks ${reached + 1} to ${kept.height}`)
    for (let next = reached + 1; next <= kept.height; next++) {
      const refused = await btcd<string | null>('submitblock', kept.at(next))
      if (refused) throw new Error(`block ${next} is refused: ${refused}`)
    }
    say(`the chain is whole again: ${await height()} blocks`)
  }
  for (let next = kept.height + 1; next <= reached; next++) kept.push(await blockAt(next))
}
