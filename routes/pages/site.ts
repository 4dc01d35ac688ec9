import type { FastifyInstance } from 'fastify'
import type { Site } from '../../lib/docs/html/page.ts'
import type { PagesBundle } from '../../lib/docs/html/pages-bundle.ts'
import { openBundle } from '../../lib/docs/html/pages-bundle.ts'
import { Prepared } from '../../lib/docs/html/prepared.ts'
import type { RailDocs } from '../../lib/docs/rail-docs.ts'
import { formatUsd } from '../../lib/price/usd.ts'

export interface Pages {
  readonly bundle: () => Promise<PagesBundle>
  /** What pages need to know about this service; the scripts are bundled on first request. */
  readonly site: () => Promise<Site>
  readonly priceUsd: string
  /** The rails that the service sells over, of all that it describes. */
  readonly soldRails: () => readonly RailDocs[]
  /** Caches prepared documents by path. */
  readonly prepared: (
    path: string,
    mediaType: string,
    make: (site: Site) => string | Promise<string>
  ) => Promise<Prepared>
}

/** The parts shared by all pages. */
export function openPages(app: FastifyInstance): Pages {
  const bundle = openBundle()
  const made = new Map<string, Promise<Prepared>>()
  const site = async (): Promise<Site> => {
    const { entries } = await bundle()
    return {
      publicUrl: app.publicUrl,
      rails: app.railDescriptions,
      developmentRails: app.railDescriptions.filter(({ welcome }) => welcome !== undefined).map((rail) => rail.name),
      asset: (name) => `/assets/${entries[name as keyof typeof entries]}`
    }
  }
  return {
    bundle,
    site,
    priceUsd: formatUsd(app.config.priceMicroUsd.compute_power),
    soldRails: () => app.railDescriptions.filter(({ name }) => app.rails.some((rail) => rail.name === name)),
    prepared: (path, mediaType, make) => {
      let document = made.get(path)
      if (document === undefined) {
        document = site()
          .then(make)
          .then((text) => new Prepared(text, mediaType))
        made.set(path, document)
      }
      return document
    }
  }
}
