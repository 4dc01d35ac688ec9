import t from 'tap'
import { apart, measured } from './helpers.ts'
import { agrees, fran, HEIGHTS_M, oracleRequest, workoutOracles } from './oracle-requests.ts'

t.test('published, analytic and firmware figures come out; wrong ones do not', async (t) => {
  for (const oracle of workoutOracles()) {
    for (const heightM of HEIGHTS_M) {
      const { body, read } = oracleRequest(oracle, heightM)
      const found = read(measured(body).results)
      t.ok(agrees(oracle, found), `${oracle.id}: ${found} for ${oracle.expected} ${oracle.unit}`)
    }
  }
})

t.test('Midtown Fran has the same joules at any height', async (t) => {
  const { inputs } = workoutOracles().find((one) => one.id === 'midtown_fran_95lb')!
  for (const heightM of [1.2, 1.5, 1.778, 2]) {
    const joules = measured(fran(heightM, inputs)).results.session.total_work.value
    t.ok(apart(joules, 52114.3) < 1e-6)
  }
})
