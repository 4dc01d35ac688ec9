/** A scrape of a service's metrics. */
import type { FastifyInstance } from 'fastify'

/** Metrics of a service that settles by itself; they have no labels. */
export const GAS_METRICS = [
  'power_oracle_gas_balance_wei',
  'power_oracle_gas_price_max_wei',
  'power_oracle_settlements_under_way'
] as const

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export class Scrape {
  readonly text: string
  readonly samples: readonly Sample[]

  constructor(text: string) {
    this.text = text
    this.samples = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map(sampleOf)
  }

  /** The sum of the samples with these labels; undefined without one. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.samples.filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
    )
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
  }

  /** All values of a label, in order. */
  values(label: string): string[] {
    return [...new Set(this.samples.flatMap(({ labels }) => labels[label] ?? []))].sort()
  }
}

export async function scrape({ metricsUrl }: FastifyInstance): Promise<Scrape> {
  if (metricsUrl === undefined) throw new Error('metrics are off')
  const response = await fetch(metricsUrl)
  if (response.status !== 200) throw new Error(`no metrics: ${response.status}`)
  return new Scrape(await response.text())
}

const LINE = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/i

function sampleOf(line: string): Sample {
  const [, name, labels = '', value] = LINE.exec(line) ?? []
  if (name === undefined) throw new Error(`no sample: ${line}`)
  const pairs = [...labels.matchAll(/([a-z_][a-z0-9_]*)="((?:[^"\\]|\\.)*)"/gi)]
  return { name, labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])), value: Number(value) }
}
