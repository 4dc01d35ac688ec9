/** Postgres and Redis are programs of their own: `npm test` leaves out what needs one, `npm run test:servers` runs it alone. */
import { PostgresServer } from './postgres-server.ts'

/** Whether this run is for what needs a server. */
export const isServersRun = process.env.TEST_SERVERS === '1'

/** For tap's `skip`: the reason where this run is not for what needs a server. */
export const leftOut: string | false = isServersRun ? false : 'needs a server: npm run test:servers'

/** For tap's `skip`: the reason where Postgres is not asked for, or is not there. */
export const noPostgres: string | false = leftOut || reasonWithoutPostgres()

function reasonWithoutPostgres(): string | false {
  const found = PostgresServer.find()
  return 'reason' in found ? found.reason : false
}
