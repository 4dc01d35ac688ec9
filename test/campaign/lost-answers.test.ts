/** Clients whose connection is reset after the answer has been handed to the system: they fetch it, and pay no more. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { PATH } from '../support/purchase.ts'
import { until } from '../support/until.ts'
import { noAnvil } from '../support/x402/chain.ts'
import { Buyer, type Order } from './buyer.ts'
import { Dice } from './dice.ts'
import { agree } from './sums.ts'
import { ENGINES, noEngine, openWorld } from './world.ts'

const ORDERS = 6

/** Sends an order, reads nothing of its answer, and resets the connection once the answer lies in the system's hands. */
async function askAndReset(url: string, { body, headers }: Order, isAnswered: () => Promise<boolean>): Promise<void> {
  const text = JSON.stringify(body)
  const lines = Object.entries({ ...headers, 'content-type': 'application/json' }).map((entry) => entry.join(': '))
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(
    [`POST ${PATH} HTTP/1.1`, 'Host: x', `Content-Length: ${Buffer.byteLength(text)}`, ...lines, '', text].join('\r\n')
  )
  await until('it is answered', isAnswered)
  await sleep(200)
  socket.resetAndDestroy()
}

for (const engine of ENGINES)
  t.test(`answers that were lost on the way [${engine}]`, { skip: noAnvil || noEngine(engine) }, async (t) => {
    const world = await openWorld(t, engine, { instances: 1 })
    const buyer = new Buyer(world, Dice.of(t))
    const { url } = world.instances[0]!
    const captured = async () => (await world.rows("SELECT 1 FROM payments WHERE state = 'captured'")).length
    for (let index = 0; index < ORDERS; index++) {
      const order = await buyer.pay(index % 2 === 0 ? 'x402' : 'l402')
      await askAndReset(url, order, async () => (await captured()) > index)
      await buyer.fetch(order)
      await buyer.fetch(order)
    }
    t.comment(`${engine}: ${ORDERS} purchases, answers ${buyer.reported()}`)
    await agree(t, world, buyer.orders)
  })
