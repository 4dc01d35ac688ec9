import { docsLayout } from '../html/docs-layout.ts'
import { page, type Site } from '../html/page.ts'
import { agentsGuide } from './agents-guide.ts'
import { curlGuide, l402Guide, x402Guide } from './buyer-guides.ts'
import type { Guide } from './guide.ts'
import { operatorsGuide, type Setting } from './operators-guide.ts'
import type { SampleSite } from './samples.ts'

type Variables = Readonly<Record<string, Setting>>

const GUIDES: Readonly<Record<string, (samples: SampleSite, variables: Variables) => Guide>> = {
  curl: curlGuide,
  l402: l402Guide,
  x402: x402Guide,
  agents: agentsGuide,
  operators: (_samples, variables) => operatorsGuide(variables)
}

export const GUIDE_NAMES: readonly string[] = Object.keys(GUIDES)

/**
 * A guide by its name, if it exists.
 * @param variables the schema of each variable that an operator can set
 */
export function guidePage(site: Site, samples: SampleSite, variables: Variables, name: string): string | undefined {
  if (!Object.hasOwn(GUIDES, name)) return undefined
  const { title, description, body } = GUIDES[name]!(samples, variables)
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
