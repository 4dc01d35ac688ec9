import { ProblemError } from '../problems/problem-error.ts'

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/**
 * Lets only this machine through.
 * @param socketAddress of the connection: a proxy's word does not count here
 * @throws ProblemError 403
 */
export function refuseOthers(socketAddress: string | undefined, what: string): void {
  if (!LOOPBACK.test(socketAddress ?? ''))
    throw new ProblemError(403, 'loopback_only', `Only this machine may use the ${what}.`)
}
