import { useState } from 'preact/hooks'
import { fillTemplate } from '../../../lib/docs/guides/sample-template.ts'
import { serviceUrl } from '../../service-url.ts'
import type { SoldRail } from '../purchase/rails.ts'
import type { Answer } from '../purchase/service.ts'
import { figureText, PowerChart, SplitTable, WorkChart, workText } from './charts.tsx'
import { CopyButton } from './pay-panel.tsx'
import { useTitleFocus } from './title-focus.ts'

interface Props {
  readonly answer: Answer
  readonly text: string
  /** The request that was bought, as JSON. */
  readonly body: string
  readonly transaction: string | undefined
  readonly rails: readonly SoldRail[]
  readonly isNew: boolean
}

/** A bought answer: its figures, as pictures, in words, and as programs get it. */
export function AnswerView({ answer, text, body, transaction, rails, isNew }: Props) {
  const title = useTitleFocus(isNew)
  const { session, splits, summary, movement_rollups: rollups } = answer.results
  return (
    <section class="answer-view" aria-labelledby="answer-title">
      <h2 id="answer-title" tabIndex={-1} ref={title}>
        The answer
      </h2>
      <dl class="figures">
        <div>
          <dt>Work</dt>
          <dd>{workText(session.total_work)}</dd>
        </div>
        <div>
          <dt>Power while active</dt>
          <dd>{figureText(session.average_power_active)}</dd>
        </div>
        <div>
          <dt>Power over the whole time</dt>
          <dd>{figureText(session.average_power_elapsed)}</dd>
        </div>
        {splits.length > 1 && (
          <div>
            <dt>Drop from best to worst split</dt>
            <dd>{Math.round(summary.dropoff.value * 100)} %</dd>
          </div>
        )}
      </dl>
      <div class="charts">
        {splits.length > 1 && (
          <figure>
            <figcaption>Power of each split, ± one standard deviation</figcaption>
            <PowerChart splits={splits} />
          </figure>
        )}
        <figure>
          <figcaption>Work by movement</figcaption>
          <WorkChart rollups={rollups} />
        </figure>
      </div>
      <details>
        <summary>Figures of each split</summary>
        <SplitTable splits={splits} />
      </details>
      {answer.notes.length > 0 && (
        <>
          <h3>What the figures rest on</h3>
          <ul class="notes">
            {answer.notes.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        </>
      )}
      <Programs text={text} body={body} rails={rails} />
      {transaction !== undefined && (
        <p class="message">
          Settled by transaction <code class="mono">{transaction}</code>
        </p>
      )}
    </section>
  )
}

/** The answer as JSON, and the request as programs in several languages; none of them has the athlete's UUID. */
function Programs({ text, body, rails }: Pick<Props, 'text' | 'body' | 'rails'>) {
  const publicUrl = serviceUrl('/').replace(/\/$/, '')
  const workout = withoutAthlete(JSON.parse(body))
  const samples = [
    { language: 'JSON', code: JSON.stringify(JSON.parse(text), null, 2) },
    ...(rails.find(({ samples }) => samples.length > 0)?.samples ?? []).map(({ language, code }) => ({
      language,
      code: fillTemplate(code, publicUrl, workout)
    }))
  ]
  const [language, setLanguage] = useState('JSON')
  const chosen = samples.find((sample) => sample.language === language) ?? samples[0]!
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const next = samples.at((samples.indexOf(chosen) + step) % samples.length)!
    setLanguage(next.language)
    document.getElementById(`as-${next.language}`)?.focus()
  }
  return (
    <div class="tabs">
      <h3 id="programs">For programs</h3>
      <div role="tablist" aria-labelledby="programs" onKeyDown={move}>
        {samples.map((sample) => (
          <button
            key={sample.language}
            id={`as-${sample.language}`}
            type="button"
            role="tab"
            aria-selected={sample === chosen}
            aria-controls="program"
            tabIndex={sample === chosen ? 0 : -1}
            onClick={() => setLanguage(sample.language)}
          >
            {sample.language}
          </button>
        ))}
      </div>
      <div id="program" role="tabpanel" aria-labelledby={`as-${chosen.language}`} class="code">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard */}
        <pre tabIndex={0}>
          <code>{chosen.code}</code>
        </pre>
        <CopyButton text={chosen.code} name="Copy" />
      </div>
    </div>
  )
}

/** The same workout as a thought, under the UUID of the documentation: it may be shown to anybody. */
function withoutAthlete(request: Record<string, unknown>): object {
  const { performed_date: _, supersedes_revision_id: __, reason: ___, ...rest } = request
  return { ...rest, athlete_uuid: '11111111-1111-1111-1111-111111111111', evaluation_context: 'hypothetical' }
}
