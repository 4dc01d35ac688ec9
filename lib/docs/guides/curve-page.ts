import { curveAnswerExample } from '../../../schemas/curve-example.ts'
import { curveNotes } from '../../curve/curve-notes.ts'
import { codeBlock } from '../html/code.ts'
import { docsLayout } from '../html/docs-layout.ts'
import { html } from '../html/html.ts'
import { page, type Site } from '../html/page.ts'

const TITLES: Readonly<Record<string, string>> = {
  samples: 'Samples',
  points: 'Listed points',
  envelope: 'The envelope',
  modalities: 'Modalities',
  time_domains: 'Time domains',
  fitness_score: 'Fitness score',
  domain_trends: 'Trends',
  critical_power: 'Critical power',
  uncertainty: 'Uncertainty',
  window: 'Areas and means'
}

const DEFAULT_WINDOW = { fromSeconds: 10, toSeconds: 3600 }

/** The conventions of the power-duration curve, taken from the notes of its answers, with the example's picture. */
export function curvePage(site: Site): string {
  const { workout_count: workouts, sample_count: samples } = curveAnswerExample
  const notes = curveNotes(DEFAULT_WINDOW, samples, samples)
  const body = html`<h1>The power-duration curve</h1>
<p class="lead">The power that an athlete can sustain, by duration: <code>GET /v1/athletes/{athlete_uuid}/curve</code>, as a picture <code>…/curve.svg</code>. It is free.</p>
<figure><a class="scroll" href="/docs/curve-example.svg"><img src="/docs/curve-example.svg" width="860" height="500" alt="The curve of the example: an envelope that falls from 375 W at 54 s, with its samples marked."></a><figcaption>The curve of the reference's first example: ${workouts} workout, ${samples} samples.</figcaption></figure>
${notes.map(({ code, message }) => html`<h2 id="${code}"><a class="anchor" href="#${code}">${TITLES[code] ?? code}</a></h2><p>${message}</p>`)}
<h2 id="check">Checking an implementation</h2>
<p>Samples of 400 W for 60 s, 300 W for 300 s and 220 W for 1200 s give this envelope, with an area of 274 818.3 J and a log mean of 271.479 W from 60 to 1200 s.</p>
${codeBlock('30 s   400 W\n120 s  300 W\n200 s  300 W\n600 s  220 W\n2400 s 110 W', 'Envelope of the three samples')}`
  return page(site, {
    path: '/docs/curve',
    title: 'The power-duration curve — Power Oracle',
    description: 'How samples become an envelope, areas, a fitness score, trends and critical power.',
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, '/docs/curve', body, [
      { title: 'On this page', links: notes.map(({ code }) => [`#${code}`, TITLES[code] ?? code] as const) }
    ])
  })
}
