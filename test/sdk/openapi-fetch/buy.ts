import createClient from 'openapi-fetch'
import type { paths } from './api.js'
import { baseUrl, payFor, told, workout } from './workout.js'

const client = createClient<paths>({ baseUrl })
const { data: health } = await client.GET('/v1/health')
if (health?.status === undefined) throw new Error('no health')
const unpaid = await client.POST('/v1/compute-power', { body: workout })
const problem = unpaid.error
if (problem === undefined || problem.status !== 402) throw new Error(`no offer: ${unpaid.response.status}`)
const authorization = await payFor(problem)
const paid = await client.POST('/v1/compute-power', { body: workout, headers: { authorization } })
if (paid.data === undefined) throw new Error(`not bought: ${paid.response.status}`)
told(paid.data.results.session.average_power_active.value, problem.price_usd)
