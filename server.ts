import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { ConfigError } from './lib/config/config.ts'
import { loadConfig } from './lib/config/load-config.ts'
import { welcome } from './lib/config/welcome.ts'

/** Paid requests in flight get so long to finish after SIGTERM. */
const GRACE_MS = 15_000

const { config, app } = await start()
closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
  if (err) app.log.fatal({ err }, 'stopping after an error')
  await app.close()
})
try {
  await app.listen({ host: config.host, port: config.port })
} catch (error) {
  if (error instanceof ConfigError) tell(error)
  else app.log.fatal({ err: error }, 'cannot listen')
  process.exit(1)
}
if (!config.production || config.port === 0) process.stdout.write(welcome(app.publicUrl, config))

async function start() {
  try {
    const config = loadConfig(process.env)
    const pretty = process.stdout.isTTY ? { transport: { target: 'pino-pretty' } } : {}
    return { config, app: await buildApp(config, { level: config.logLevel, ...pretty }) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    tell(error)
    process.exit(1)
  }
}

function tell({ problems }: ConfigError): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
}
