import { lookup } from 'node:dns/promises'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { loadConfig } from './config.ts'
import { ConfigError } from './lib/config/settings-source.ts'
import { welcome } from './lib/docs/welcome.ts'
import { StandardOutput } from './lib/log/log.ts'

/** Time for paid requests in flight to finish after SIGTERM. */
const GRACE_MS = 15_000

const output = new StandardOutput()
const { config, app } = await start()
closeWithGrace({ delay: GRACE_MS, logger: app.log }, async ({ err }) => {
  if (err) app.log.fatal({ err }, 'stopping after an error')
  await app.close()
})
try {
  // One address: with several, a stop would wait only for the requests of the first.
  const { address } = await lookup(config.host, { order: 'ipv4first' })
  await app.listen({ host: address, port: config.port })
} catch (error) {
  const wrong = error instanceof ConfigError ? error : cannotListen(error as NodeJS.ErrnoException)
  if (wrong !== undefined) printProblems(wrong)
  else app.log.fatal({ err: error }, 'cannot start')
  process.exit(1)
}
if (!config.production || config.port === 0) {
  const rails = app.railDescriptions.flatMap(({ welcome }) => welcome?.(app.publicUrl) ?? [])
  output.write(welcome(app.publicUrl, config, rails))
}

async function start() {
  try {
    const config = loadConfig(process.env)
    return { config, app: await buildApp(config, { level: config.logLevel, stream: output }) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    printProblems(error)
    process.exit(1)
  }
}

/** Undefined if the failure does not concern the address. */
function cannotListen({ code, syscall, message }: NodeJS.ErrnoException): ConfigError | undefined {
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined
  if (code === 'EADDRINUSE') return new ConfigError([`PORT: ${config.port} is already in use`])
  if (code === 'EACCES') return new ConfigError([`PORT: this user may not listen on ${config.port}`])
  return new ConfigError([`HOST: listening failed: ${message}`])
}

function printProblems({ problems }: ConfigError): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
}
