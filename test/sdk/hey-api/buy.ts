import { client } from './client/client.gen.js'
import { computePower, getHealth } from './client/sdk.gen.js'
import { baseUrl, payFor, told, workout } from './workout.js'

client.setConfig({ baseUrl })
const { data: health } = await getHealth()
if (health?.status === undefined) throw new Error('no health')
const { error: problem } = await computePower({ body: workout })
if (problem === undefined || problem.status !== 402) throw new Error('no offer')
const authorization = await payFor(problem)
const { data: answer } = await computePower({ body: workout, auth: () => authorization })
if (answer === undefined) throw new Error('not bought')
told(answer.results.session.average_power_active.value, problem.price_usd)
