import { docsLayout } from '../html/docs-layout.ts'
import { page, type Site } from '../html/page.ts'
import type { Guide, RailDocs } from '../rail-docs.ts'
import { agentsGuide } from './agents-guide.ts'
import { curlGuide } from './curl-guide.ts'
import { operatorsGuide, type Setting } from './operators-guide.ts'
import { serviceOf } from './samples.ts'

type Variables = Readonly<Record<string, Setting>>

/** The names of all guides; each rail has one. */
export function guideNames(rails: readonly RailDocs[]): string[] {
  return ['curl', ...rails.map(({ name }) => name), 'agents', 'operators']
}

/**
 * A guide by its name; undefined where there is none.
 * @param variables the schema of each variable that an operator can set
 */
export function guidePage(site: Site, variables: Variables, name: string): string | undefined {
  const guide = guideOf(site, variables, name)
  if (guide === undefined) return undefined
  const { title, description, body } = guide
  const path = `/docs/guides/${name}`
  return page(site, {
    path,
    title: `${title} — Power Oracle`,
    description,
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, path, body)
  })
}

function guideOf(site: Site, variables: Variables, name: string): Guide | undefined {
  switch (name) {
    case 'curl':
      return curlGuide(site)
    case 'agents':
      return agentsGuide(site)
    case 'operators':
      return operatorsGuide(variables)
    default: {
      const rail = site.rails.find((one) => one.name === name)
      return rail?.guide(serviceOf(site, rail))
    }
  }
}
