/** Parts of the system go away while it sells: what clients meet meanwhile, and which alerts fire. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { PrometheusClient } from '../support/prometheus.ts'
import { until } from '../support/until.ts'
import { addressOf } from './inspection.ts'
import type { Offer, System } from './system.ts'

/** How long Postgres and the chain are away at least. */
const OUTAGE_MS = Number(process.env.OUTAGE_SECONDS ?? 30) * 1000
/** Long enough for every rule to have two scrapes. */
const QUIET_MS = 40_000
/** Longer than any rule waits, and than the service takes to recover. */
const ALERT_LIMIT_MS = 180_000
const SERVICE_PORT = 3000
/** Those that say that a part is gone. On a machine without idle processors others fire too, as CallsFail of Redis. */
const OUTAGE_ALERTS = ['InstanceDown', 'NoInstance', 'LedgerDown', 'RailDown', 'NoRail']

/** A part that goes away, and what that means for clients. */
interface Outage {
  readonly name: string
  /** The alert that has to fire; undefined where none may. */
  readonly alert: string | undefined
  readonly leastMs: number
  readonly begin: () => Promise<unknown>
  readonly end: () => Promise<unknown>
  /** Looks at an offer as clients get it while the part is away; true once it is what payments mean to be then. */
  readonly isDegraded: (offer: Offer) => boolean
  /** Where offers are asked for: through the proxy unless it is named. */
  readonly at?: string
}

/** Plays one outage after the other; the load goes on beside it. */
export async function playOutages(t: Test, system: System, watch: PrometheusClient): Promise<void> {
  await sleep(QUIET_MS)
  const quiet = await watch.firing()
  t.notOk(
    OUTAGE_ALERTS.some((name) => quiet.includes(name)),
    'while all is well no alert of an outage fires'
  )
  const instance = `http://${addressOf(await system.container('api-2'))}:${SERVICE_PORT}`
  const outages: readonly Outage[] = [
    {
      name: 'restart lnd-merchant',
      alert: undefined,
      leastMs: 0,
      begin: () => system.compose('restart', 'lnd-merchant'),
      end: async () => {},
      isDegraded: ({ rails }) => rails.includes('x402')
    },
    {
      name: 'kill api-1',
      alert: 'InstanceDown',
      leastMs: 0,
      begin: () => system.compose('kill', 'api-1'),
      end: () => system.compose('start', 'api-1'),
      isDegraded: ({ rails }) => rails.length === 2
    },
    {
      name: 'stop postgres',
      alert: 'LedgerDown',
      leastMs: OUTAGE_MS,
      begin: () => system.compose('stop', 'postgres'),
      end: () => system.compose('start', 'postgres'),
      // The proxy, which knows of no instance that is ready, has nobody to send them to.
      at: instance,
      isDegraded: ({ status, retryAfter }) => status === 503 && retryAfter !== null
    },
    {
      name: 'stop evm',
      alert: 'RailDown',
      leastMs: OUTAGE_MS,
      begin: () => system.compose('stop', 'evm'),
      end: () => system.compose('start', 'evm'),
      isDegraded: ({ rails }) => rails.join() === 'l402'
    }
  ]
  for (const outage of outages) await play(t, outage, system, watch)
}

async function play(t: Test, outage: Outage, system: System, watch: PrometheusClient): Promise<void> {
  const { name, alert, leastMs } = outage
  const began = Date.now()
  const seconds = (since: number) => Math.round((Date.now() - since) / 1000)
  let degradedSeconds = Number.NaN
  let offer: Offer | undefined
  try {
    const away = outage.begin()
    await Promise.all([
      away.then(() => sleep(leastMs)),
      until(
        `${name}: clients are answered as payments mean it`,
        async () => {
          offer = await system.offer(outage.at)
          return outage.isDegraded(offer)
        },
        ALERT_LIMIT_MS
      ).then(() => {
        degradedSeconds = seconds(began)
      }),
      ...(alert === undefined ? [] : [until(alert, async () => (await watch.firing()).includes(alert), ALERT_LIMIT_MS)])
    ])
    t.pass(`${name}: clients are answered as payments mean it`)
    if (alert !== undefined) t.pass(`${name}: ${alert} fires`)
    else {
      const firing = await watch.firing()
      t.notOk(
        OUTAGE_ALERTS.some((name) => firing.includes(name)),
        `${name}: no alert of an outage fires`
      )
    }
  } finally {
    t.comment(`${name}: meanwhile ${JSON.stringify(offer)}`)
    t.comment(
      `${name}: away for ${seconds(began)} s, degraded after ${degradedSeconds} s, firing: ${(await watch.alerts()).join(', ')}`
    )
    await outage.end()
  }
  const back = Date.now()
  await until(`${name}: both rails are offered`, async () => (await system.offer()).rails.length === 2, ALERT_LIMIT_MS)
  t.comment(`${name}: both rails are offered ${seconds(back)} s after it is back`)
  if (alert === undefined) return
  // Others look back over minutes, as SettlementsUndecided does.
  await until(`${name}: ${alert} ends`, async () => !(await watch.firing()).includes(alert), ALERT_LIMIT_MS)
  t.comment(`${name}: ${alert} ends ${seconds(back)} s after it is back`)
}
