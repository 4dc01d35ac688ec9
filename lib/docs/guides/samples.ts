import type { Sample } from '../html/code.ts'
import type { Site } from '../html/page.ts'
import type { RailDocs, SampleService } from '../rail-docs.ts'

/** A rail's complete programs that buy an answer to `workout` from this service. */
export function samplesOf(site: Site, rail: RailDocs, workout: object): readonly Sample[] {
  return rail.samples(serviceOf(site, rail), JSON.stringify(workout, null, 2))
}

/** This service as the samples of a rail see it: with play money or without. */
export function serviceOf({ publicUrl, developmentRails }: Site, { name }: RailDocs): SampleService {
  return { publicUrl, hasDevelopmentWallet: developmentRails.includes(name) }
}

/** The first complete purchase in `language`, otherwise the first in any; undefined if no rail has one. */
export function firstSample(
  site: Site,
  rails: readonly RailDocs[],
  language: string,
  workout: object
): Sample | undefined {
  const samples = rails.flatMap((rail) => samplesOf(site, rail, workout))
  return samples.find((sample) => sample.language === language) ?? samples[0]
}
