import { writeFile } from 'node:fs/promises'
import { openapiText } from './openapi-text.ts'

/** Writes the OpenAPI document to the path given, or to openapi.json, the committed one. */
const [path = 'openapi.json'] = process.argv.slice(2)
await writeFile(path, await openapiText())
