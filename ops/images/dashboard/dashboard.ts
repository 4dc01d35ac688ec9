/** What of a Grafana dashboard can be held against Prometheus without Grafana. */
export interface Dashboard {
  readonly title: string
  readonly panels: readonly Panel[]
}

export interface Panel {
  readonly id: number
  readonly type: 'row' | 'stat' | 'timeseries'
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } }
  readonly targets?: readonly Target[]
}

export interface Target {
  readonly expr: string
  readonly legendFormat: string
}

/** A query as Grafana sends it: its variables filled in, all instances chosen. */
export function queryOf({ expr }: Target, rangeSeconds: number, rateSeconds: number): string {
  return expr
    .replaceAll('$__rate_interval', `${rateSeconds}s`)
    .replaceAll('$__range', `${rangeSeconds}s`)
    .replaceAll('$instance', '.*')
}
