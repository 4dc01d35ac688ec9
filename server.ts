import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import type { Config } from './lib/config/config.ts'
import { ConfigError } from './lib/config/config.ts'
import { loadConfig } from './lib/config/load-config.ts'
import { welcome } from './lib/config/welcome.ts'

/** Paid requests in flight get so long to finish after SIGTERM. */
const GRACE_MS = 15_000

const config = readConfig()
const app = await buildApp(config, {
  level: config.logLevel,
  ...(process.stdout.isTTY && { transport: { target: 'pino-pretty' } })
})
closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
  if (err) app.log.fatal({ err }, 'stopping after an error')
  await app.close()
})
try {
  await app.listen({ host: config.host, port: config.port })
} catch (error) {
  app.log.fatal({ err: error }, 'cannot listen')
  process.exit(1)
}
if (!config.production) process.stdout.write(welcome(app.publicUrl, config))

function readConfig(): Config {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) process.stderr.write(`${problem}\n`)
    process.exit(1)
  }
}
