import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from './config.ts'
import { type LogSettings, openLog } from './lib/log/log.ts'
import commonHeaders from './plugins/http/common-headers.ts'
import connections from './plugins/http/connections.ts'
import developmentOnly from './plugins/http/development-only.ts'
import errors, { sendError } from './plugins/http/errors.ts'
import jsonBodies from './plugins/http/json-bodies.ts'
import limits from './plugins/http/limits.ts'
import loadShedding from './plugins/http/load-shedding.ts'
import requestMetrics from './plugins/http/metrics.ts'
import notFound from './plugins/http/not-found.ts'
import openapi from './plugins/http/openapi.ts'
import orderlyStop from './plugins/http/orderly-stop.ts'
import publicUrl from './plugins/http/public-url.ts'
import requestHead, { refuseMalformed } from './plugins/http/request-head.ts'
import serialisation from './plugins/http/serialisation.ts'
import traces from './plugins/http/traces.ts'
import validation from './plugins/http/validation.ts'
import billing from './plugins/payment/billing.ts'
import rails from './plugins/payment/rails.ts'
import reconciliation from './plugins/payment/reconciliation.ts'
import { RAILS } from './plugins/rails/index.ts'
import components from './plugins/services/components.ts'
import config from './plugins/services/config.ts'
import ledger from './plugins/services/ledger.ts'
import metrics from './plugins/services/metrics.ts'
import price from './plugins/services/price.ts'
import apiCatalog from './routes/api-catalog.ts'
import athletes from './routes/athletes/index.ts'
import computePower from './routes/compute-power.ts'
import health from './routes/health.ts'
import movements from './routes/movements.ts'
import openapiDocument from './routes/openapi.ts'
import pages from './routes/pages/index.ts'
import paymentRequirements from './routes/payment-requirements.ts'
import probes from './routes/probes.ts'
import validate from './routes/validate.ts'
import workoutRevisions from './routes/workout-revisions.ts'
import workoutVoid from './routes/workout-void.ts'

const REQUEST_TIMEOUT_MS = 30_000
/** Outside calls of a start have their own limits; this one allows for a busy machine. */
const START_LIMIT_MS = 60_000
const HEADERS_TIMEOUT_MS = 10_000
const SLOW_CHECK_MS = 5000
const CONNECTION_IDLE_MS = 60_000
const MAX_HEADER_BYTES = 16_384

/**
 * Builds the service from a checked configuration; it does not listen yet.
 * The order of `register` calls is the order of the billing chain: read it as the architecture.
 */
export async function buildApp(settings: Config, logSettings?: LogSettings): Promise<FastifyInstance> {
  const log = logSettings && openLog(logSettings)
  const app = Fastify({
    // One line per request would cost a quarter more CPU, and URLs may contain an athlete's UUID.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.bodyLimitBytes,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    pluginTimeout: START_LIMIT_MS,
    keepAliveTimeout: CONNECTION_IDLE_MS,
    // A client that never reads its response would hold the connection open.
    connectionTimeout: CONNECTION_IDLE_MS,
    // While the service stops, requests on open connections are answered as usual; then the connection closes.
    return503OnClosing: false,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: SLOW_CHECK_MS,
      // `request-head` answers a request without a Host with a problem document.
      requireHostHeader: false
    },
    // Errors name their request; a child logger per request would cost more than the rate limit does.
    ...(log && { childLoggerFactory: () => log }),
    // Fastify's own formatter would join every path into one message of unbounded length.
    schemaErrorFormatter: () => new Error('the request does not match its schema'),
    // A malformed URL is a problem document too, and so is a malformed request.
    frameworkErrors: (error, _request, reply) => sendError(error, reply.header('x-content-type-options', 'nosniff')),
    clientErrorHandler: (error, socket) => refuseMalformed(error, socket, app.publicUrl)
  })
  // Not set by Fastify's option, which would listen for the end of every response to write the unwanted line per
  // request.
  if (log) app.log = log

  await app.register(config, { config: settings })
  await app.register(components)
  await app.register(rails)
  await app.register(metrics)
  await app.register(requestMetrics)
  await app.register(traces)
  await app.register(connections)
  await app.register(orderlyStop)
  await app.register(publicUrl)
  await app.register(errors)
  await app.register(loadShedding)
  await app.register(commonHeaders)
  await app.register(requestHead)
  await app.register(limits)
  await app.register(developmentOnly)
  await app.register(notFound)
  await app.register(jsonBodies)
  await app.register(validation)
  await app.register(serialisation)
  await app.register(openapi)
  await app.register(price)
  await app.register(ledger)
  await app.register(billing)
  for (const { plugin } of RAILS) await app.register((await plugin()).default)
  await app.register(reconciliation)

  await app.register(health)
  await app.register(probes)
  await app.register(movements)
  await app.register(paymentRequirements)
  await app.register(openapiDocument)
  await app.register(apiCatalog)
  await app.register(pages)
  await app.register(computePower)
  await app.register(validate)
  await app.register(workoutRevisions)
  await app.register(workoutVoid)
  await app.register(athletes)
  return app
}
