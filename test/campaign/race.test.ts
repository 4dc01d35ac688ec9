/** Two instances on one database get each payment at once. */
import t from 'tap'
import { noAnvil } from '../support/x402/chain.ts'
import { Buyer } from './buyer.ts'
import { Dice } from './dice.ts'
import { agree } from './sums.ts'
import { ENGINES, noEngine, openWorld } from './world.ts'

const ROUNDS = 10
const COPIES = 4

for (const engine of ENGINES)
  t.test(`each payment at two instances at once [${engine}]`, { skip: noAnvil || noEngine(engine) }, async (t) => {
    const world = await openWorld(t, engine, { instances: 2 })
    const buyer = new Buyer(world, Dice.of(t))
    for (let round = 0; round < ROUNDS; round++) {
      const order = await buyer.pay(round % 2 === 0 ? 'x402' : 'l402')
      const copies = await Promise.all(
        Array.from({ length: COPIES }, (_, index) => buyer.ask(world.instances[index % 2]!, order))
      )
      for (const copy of copies) if (copy?.status === 200) order.answers.add(copy.text)
      for (const copy of copies)
        t.ok([200, 402, 409, 503].includes(copy?.status ?? 0), `round ${round}: ${copy?.status} ${order.rail}`)
      await buyer.fetch(order)
    }
    t.comment(`${engine}: ${ROUNDS} rounds, answers ${buyer.reported()}`)
    await agree(t, world, buyer.orders)
  })
