/** What alert rules, dashboards and documents say of metrics, compared with a scrape. */
import type { Scrape } from './scrape.ts'

const METRIC = /\b((?:power_oracle|nodejs|process)_[a-z0-9_]+)(?:\{([^}]*)\})?/g
const MATCHER = /([a-z_]+)\s*(?:=~|!~|!=|=)\s*\\?"([^"\\]*)\\?"/g
const GROUPING = /\bby\s*\(([^)]*)\)\s*\(/g
/** Added by Prometheus to every series. */
const ADDED = ['job', 'instance']
/** Labels of which one scrape does not contain all values. */
const OPEN_LABELS = new Set([...ADDED, 'rail', 'status', 'asset', 'le', 'version'])

/**
 * References to metrics, labels or label values that no scrape contains.
 * @param text rules, queries or prose
 * @param name for the messages
 */
export function unknownReferences(name: string, text: string, scraped: Scrape): string[] {
  const known = labelsByMetric(scraped)
  const unknown: string[] = []
  const labelsOf = (metric: string) => known.get(metric) ?? known.get(`${metric}_bucket`)
  const check = (metric: string, label: string) => {
    const labels = labelsOf(metric)
    if (labels !== undefined && !labels.has(label)) unknown.push(`${name}: ${metric} has no label ${label}`)
  }
  for (const [, metric = '', matchers = ''] of text.matchAll(METRIC)) {
    if (labelsOf(metric) === undefined) unknown.push(`${name}: there is no ${metric}`)
    for (const [, label = '', values = ''] of matchers.matchAll(MATCHER)) {
      check(metric, label)
      if (OPEN_LABELS.has(label)) continue
      const possible = scraped.values(label)
      for (const value of values.split('|'))
        if (!possible.includes(value)) unknown.push(`${name}: no ${label} of ${metric} is ${value}`)
    }
  }
  for (const found of text.matchAll(GROUPING)) {
    const inner = enclosed(text, found.index + found[0].length)
    for (const label of found[1]!.split(',').map((part) => part.trim()))
      for (const [, metric = ''] of inner.matchAll(METRIC)) check(metric, label)
  }
  return unknown
}

function labelsByMetric({ samples }: Scrape): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>()
  for (const { name, labels } of samples) {
    const all = known.get(name) ?? new Set(ADDED)
    for (const label of Object.keys(labels)) all.add(label)
    known.set(name, all)
  }
  return known
}

/** The text from a position to the parenthesis that closes it. */
function enclosed(text: string, from: number): string {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return text.slice(from, at)
  }
  return text.slice(from)
}
