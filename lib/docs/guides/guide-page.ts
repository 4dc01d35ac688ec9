import { docsLayout } from '../html/docs-layout.ts'
import { page, type Site } from '../html/page.ts'
import { agentsGuide } from './agents-guide.ts'
import { curlGuide, l402Guide, x402Guide } from './buyer-guides.ts'
import type { Guide } from './guide.ts'
import { operatorsGuide } from './operators-guide.ts'
import type { SampleSite } from './samples.ts'

const GUIDES: Readonly<Record<string, (samples: SampleSite) => Guide>> = {
  curl: curlGuide,
  l402: l402Guide,
  x402: x402Guide,
  agents: agentsGuide,
  operators: operatorsGuide
}

export const GUIDE_NAMES: readonly string[] = Object.keys(GUIDES)

/** A guide by its name; undefined where there is none. */
export function guidePage(site: Site, samples: SampleSite, name: string): string | undefined {
  if (!Object.hasOwn(GUIDES, name)) return undefined
  const { title, description, body } = GUIDES[name]!(samples)
  const path = `/docs/guides/${name}`
  return page(site, {
    path,
    title: `${title} — Power Oracle`,
    description,
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(path, body)
  })
}
