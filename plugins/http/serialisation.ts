import fastJsonStringify from 'fast-json-stringify'
import fp from 'fastify-plugin'

/** A writer that is made with its first answer, so that a start does not wait for those of every route. */
function writtenLater(schema: object): (answer: unknown) => string {
  let write: ((answer: unknown) => string) | undefined
  return (answer) => {
    write ??= fastJsonStringify(schema)
    return write(answer)
  }
}

/**
 * Answers are written by code made from their schemas. Errors are sent as ready text, so no writer is made for their
 * schemas: that was a sixth of the start.
 */
export default fp(
  async (app) => {
    app.setSerializerCompiler(({ schema, httpStatus }) =>
      httpStatus === '200' ? writtenLater(schema as object) : JSON.stringify
    )
  },
  { name: 'serialisation' }
)
