import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'

/** A piece of work with a beginning and an end. Its names are constants of this program or of its settings. */
export interface Work {
  /** Who does it: `lnd`, `facilitator`, `rpc`, `price`, `redis`, `postgres`, `sqlite`, `billing`. */
  readonly peer: string
  /** What is done: a method's name, never an argument. */
  readonly name: string
  /** Of `performance.now()`. */
  readonly startedMs: number
  /** Set by the end of a piece of work that failed. */
  readonly error?: unknown
}

/** Calls to other programs: their time and their failures are measured, and they are spans of a trace. */
export const calls: TracingChannel<unknown, Work> = tracingChannel('power-oracle:calls')

/** What happens in this process, and in its database: spans of a trace alone. */
export const stages: TracingChannel<unknown, Work> = tracingChannel('power-oracle:stages')

/** Makes a call that listeners see; without any it costs one comparison. */
export function observeCall<T>(peer: string, name: string, run: () => Promise<T>): Promise<T> {
  return calls.hasSubscribers ? calls.tracePromise(run, { peer, name, startedMs: performance.now() }) : run()
}

/** Runs a stage of a request that listeners see; without any it costs one comparison. */
export function observeStage<T>(peer: string, name: string, run: () => Promise<T>): Promise<T> {
  return stages.hasSubscribers ? stages.tracePromise(run, { peer, name, startedMs: performance.now() }) : run()
}

/** Why work failed, as one word: the error's own code where it is a word, else its name. Never its message. */
export function failureOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  if (typeof code === 'string' && WORD.test(code)) return code
  return typeof name === 'string' && WORD.test(name) ? name : 'Error'
}

const WORD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
