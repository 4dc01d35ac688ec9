/** What a Prometheus knows of the service that it watches. */
const QUERY_LIMIT_MS = 10_000

/** What is no outage's: a machine under load is slow, and one address asks for everything. */
const BESIDE_THE_POINT =
  /^(RequestsSlow|EventLoopBlocked|CommitsSlow|CallsSlow|OffersUnpaid|InvoicesUnused|MemoryHigh)$/

export interface ScrapeTarget {
  readonly scrapeUrl: string
  readonly health: 'up' | 'down' | 'unknown'
  readonly lastError: string
}

export interface Rule {
  readonly name: string
  readonly health: 'ok' | 'err' | 'unknown'
  readonly lastError?: string
}

interface Alert {
  readonly state: string
  readonly labels: { readonly alertname: string } & Readonly<Record<string, string>>
}

export class PrometheusClient {
  readonly #url: string

  /** @param url its base */
  constructor(url: string) {
    this.#url = url
  }

  async isReady(): Promise<boolean> {
    return (await fetch(`${this.#url}/-/ready`, { signal: AbortSignal.timeout(QUERY_LIMIT_MS) })).ok
  }

  async targets(): Promise<readonly ScrapeTarget[]> {
    return (await this.#ask<{ activeTargets: ScrapeTarget[] }>('targets')).activeTargets
  }

  async rules(): Promise<readonly Rule[]> {
    const { groups } = await this.#ask<{ groups: { rules: Rule[] }[] }>('rules')
    return groups.flatMap(({ rules }) => rules)
  }

  /** The names of the alerts that fire now and that an outage could mean, in order. */
  async firing(): Promise<string[]> {
    return [...new Set((await this.#firing()).map(({ alertname }) => alertname))].sort()
  }

  /** The same, one by one, with what tells them apart. */
  async alerts(): Promise<string[]> {
    return (await this.#firing()).map(
      ({ alertname, ...labels }) => `${alertname} of ${Object.values(labels).join(' ')}`
    )
  }

  async #firing(): Promise<Alert['labels'][]> {
    const { alerts } = await this.#ask<{ alerts: Alert[] }>('alerts')
    return alerts
      .filter(({ state, labels }) => state === 'firing' && !BESIDE_THE_POINT.test(labels.alertname))
      .map(({ labels }) => labels)
  }

  async #ask<Data>(path: string): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${path}`, { signal: AbortSignal.timeout(QUERY_LIMIT_MS) })
    return ((await response.json()) as { data: Data }).data
  }
}
