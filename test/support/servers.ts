/**
 * Postgres and Redis are separate programs: `npm test` skips the tests that need one, `npm run test:servers` runs only
 * these.
 */
import { PostgresServer } from './postgres-server.ts'

/** Whether this run is for tests that need a server. */
export const isServersRun = process.env.TEST_SERVERS === '1'

/** For tap's `skip`: the reason if this run is not for tests that need a server. */
export const leftOut: string | false = isServersRun ? false : 'needs a server: npm run test:servers'

/** For tap's `skip`: the reason if Postgres is not requested or not installed. */
export const noPostgres: string | false = leftOut || reasonWithoutPostgres()

function reasonWithoutPostgres(): string | false {
  const found = PostgresServer.find()
  return 'reason' in found ? found.reason : false
}
