import { Type } from '@sinclair/typebox'

/** Headers of every paid route, beside those of its rails (`RailDescription.requestHeaders`). */
export const PaidRequestHeaders = Type.Object({
  'x-poweroracle-agent': Type.Optional(Type.String({ maxLength: 200, description: 'Name of the client; free text.' }))
})
