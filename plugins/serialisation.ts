import fastJsonStringify from 'fast-json-stringify'
import fp from 'fastify-plugin'

/**
 * Answers are written by code made from their schemas. Errors are sent as ready text, so no writer is made for their
 * schemas: that was a sixth of the start.
 */
export default fp(
  async (app) => {
    app.setSerializerCompiler(({ schema, httpStatus }) =>
      httpStatus === '200' ? fastJsonStringify(schema as object) : JSON.stringify
    )
  },
  { name: 'serialisation' }
)
