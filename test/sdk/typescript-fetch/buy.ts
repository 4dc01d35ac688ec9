import { Configuration, DiscoverApi, MeasureApi, PaymentRequiredFromJSON, ResponseError } from './oracle'
import { baseUrl, payFor, told, workout } from './workout'

async function main(): Promise<void> {
  const basePath = baseUrl
  const health = await new DiscoverApi(new Configuration({ basePath })).getHealth()
  if (health.status === undefined) throw new Error('no health')
  const { athlete_uuid: athleteUuid } = workout
  const computePowerRequest = {
    athleteUuid,
    evaluationContext: workout.evaluation_context,
    durationSeconds: 60,
    user: { height: workout.user.height, bodyMass: workout.user.body_mass },
    splits: [{ durationSeconds: 60, work: { movements: [{ movement: 'pull_up', reps: 20 }] } }]
  }
  const unpaid = await new MeasureApi(new Configuration({ basePath }))
    .computePower({ computePowerRequest })
    .catch((error: unknown) => error)
  if (!(unpaid instanceof ResponseError) || unpaid.response.status !== 402) throw new Error('no offer')
  const offer = PaymentRequiredFromJSON(await unpaid.response.json())
  const authorization = await payFor({ macaroon: offer.macaroon ?? '', invoice: offer.invoice ?? '' })
  const payer = new MeasureApi(new Configuration({ basePath, apiKey: authorization }))
  const answer = await payer.computePower({ computePowerRequest })
  told(answer.results.session.averagePowerActive.value, offer.priceUsd)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
