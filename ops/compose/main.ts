import { balance } from './balance.ts'
import { keepChain } from './keep-chain.ts'
import { mine } from './mine.ts'
import { pay } from './pay.ts'
import { received } from './received.ts'
import { setUp } from './set-up.ts'

/** What runs in the containers of docker-compose.yml; `npm run compose` calls most of them. */
const VERBS: Record<string, (...words: string[]) => Promise<void>> = {
  'keep-chain': keepChain,
  setup: setUp,
  // Loaded alone: they bring payment clients.
  demo: async (url) => (await import('./demo.ts')).demo(url),
  load: async (seconds, perSecond) => (await import('./load.ts')).load(seconds, perSecond),
  received,
  pay,
  mine,
  balance
}

const [name = '', ...words] = process.argv.slice(2)
const verb = VERBS[name]
try {
  if (verb === undefined) throw new Error(`a verb is required: ${Object.keys(VERBS).join(', ')}`)
  await verb(...words)
  // Connections to LND would keep the process.
  process.exit(0)
} catch (error) {
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : JSON.stringify(error)}\n`)
  process.exit(1)
}
