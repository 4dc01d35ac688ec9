/** The service is killed at random moments while clients buy over both rails. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { noAnvil } from '../support/x402/chain.ts'
import { Buyer } from './buyer.ts'
import { Dice } from './dice.ts'
import { agree } from './sums.ts'
import { ENGINES, noEngine, openWorld } from './world.ts'

const KILLS = Number(process.env.CAMPAIGN_KILLS ?? 20)
const AT_ONCE = 6
/** A kill comes this late at most: purchases take a few tens of milliseconds each. */
const LATEST_KILL_MS = 700

for (const engine of ENGINES)
  t.test(`killed while clients buy [${engine}]`, { skip: noAnvil || noEngine(engine) }, async (t) => {
    const dice = Dice.of(t)
    const world = await openWorld(t, engine, { instances: 1 })
    const [service] = world.instances
    const buyer = new Buyer(world, dice)
    const kills = Math.ceil(KILLS / ENGINES.length)
    for (let kill = 0; kill < kills; kill++) {
      const purchases = Array.from({ length: AT_ONCE }, async () => {
        await sleep(dice.below(LATEST_KILL_MS))
        await buyer.buy()
      })
      await sleep(dice.below(LATEST_KILL_MS))
      await service!.kill()
      await service!.start()
      await Promise.all(purchases)
    }
    t.comment(`${engine}: ${kills} kills, ${buyer.orders.length} purchases, answers ${buyer.reported()}`)
    t.ok(buyer.statuses.get('none')! > 0, 'some were interrupted')
    await agree(t, world, buyer.orders)
  })
