import { computePower, getHealth } from './client.js'
import { payFor, told, workout } from './workout.js'

const health = await getHealth()
if (health.status !== 200 || health.data.status === undefined) throw new Error('no health')
const unpaid = await computePower(workout)
if (unpaid.status !== 402) throw new Error(`no offer: ${unpaid.status}`)
const authorization = await payFor(unpaid.data)
const paid = await computePower(workout, { headers: { authorization } })
if (paid.status !== 200) throw new Error(`not bought: ${paid.status}`)
told(paid.data.results.session.average_power_active.value, unpaid.data.price_usd)
