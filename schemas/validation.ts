import { type Static, Type } from '@sinclair/typebox'
import { computePowerAnswerExample, noteCodes } from './compute-power.ts'
import { named } from './naming.ts'
import { knownCodes, Note } from './note.ts'
import { PaymentRequirements, PricedRouteTerms } from './payment-requirements.ts'
import { Closed } from './quantity.ts'

const [pricedExample] = PaymentRequirements.examples[0].routes

/** The result of checking a valid workout. */
export const ValidationAnswer = Closed(
  {
    valid: Type.Boolean({ description: 'Always true: a workout with problems gets 400 or 422 with the full list.' }),
    price: named(PricedRouteTerms, 'What the answer costs at POST /v1/compute-power.'),
    notes: Type.Array(Note(noteCodes), {
      description: `The notes that the answer will have. ${knownCodes(noteCodes)}`
    })
  },
  {
    title: 'ValidationAnswer',
    description: 'The workout is valid.',
    examples: [{ valid: true, price: pricedExample, notes: computePowerAnswerExample.notes }]
  }
)
export type ValidationAnswer = Static<typeof ValidationAnswer>
