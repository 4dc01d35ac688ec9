import type { FastifyInstance } from 'fastify'
import { type SampleSite, sampleSite } from '../../lib/docs/guides/samples.ts'
import type { Site } from '../../lib/docs/html/page.ts'
import type { PagesBundle } from '../../lib/docs/html/pages-bundle.ts'
import { openBundle } from '../../lib/docs/html/pages-bundle.ts'
import { Prepared } from '../../lib/docs/html/prepared.ts'
import { formatUsd } from '../../lib/price/usd.ts'

export interface Pages {
  readonly bundle: () => Promise<PagesBundle>
  /** What pages need to know about this service; the scripts are bundled on first request. */
  readonly site: () => Promise<Site>
  readonly samples: () => SampleSite
  readonly priceUsd: string
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
      asset: (name) => `/assets/${entries[name as keyof typeof entries]}`
    }
  }
  return {
    bundle,
    site,
    samples: () =>
      sampleSite(
        app.publicUrl,
        app.railDescriptions.filter(({ welcome }) => welcome !== undefined).map((rail) => rail.name)
      ),
    priceUsd: formatUsd(app.config.priceMicroUsd.compute_power),
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
