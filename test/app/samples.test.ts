/** The samples of the documentation, run as a reader copies them, and a purchase from /llms.txt alone. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { ROOT } from '../runner/joined.ts'
import { missing, NODE } from '../support/program.ts'
import { startApp } from '../support/purchase.ts'

const run = promisify(execFile)
const MOST_ATTEMPTS = 20

async function listening(t: Test): Promise<{ url: string }> {
  const app = await startApp(t, { PORT: '0' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { url: app.publicUrl }
}

t.test('a program that reads /llms.txt alone buys an answer', { skip: missing('curl') }, async (t) => {
  const { url } = await listening(t)
  const text = await textAt(`${url}/llms.txt`)
  const script = /```sh\n([\s\S]*?)```/.exec(text)?.[1]
  t.ok(script !== undefined, 'a purchase from start to end')
  const { stdout } = await run('sh', ['-eu', '-c', script!], { cwd: t.testdir() })
  t.match(JSON.parse(stdout), { results: { session: { total_work: { unit: 'J' } } } })
  t.notOk('workout_id' in JSON.parse(stdout), 'nothing is stored under the UUID of the example')
  for (const member of [
    'athlete_uuid',
    'evaluation_context',
    'duration_seconds',
    'user',
    'splits',
    'movement',
    'reps',
    'inputs'
  ])
    t.match(text, member, `${member} is named`)
  t.match(await textAt(`${url}/llms-full.txt`), /- sled_push: per distance/)
})

t.test('the samples of the reference buy an answer in each language', async (t) => {
  const { url } = await listening(t)
  const page = await textAt(`${url}/docs/guides/l402`)
  const samples = new Map(
    [...page.matchAll(/data-language="([^"]+)"[\s\S]*?<code>([\s\S]*?)<\/code>/g)].map(([, language, code]) => [
      language!,
      unescaped(code!)
    ])
  )
  t.strictSame([...samples.keys()], ['curl', 'TypeScript', 'Python'])
  const folder = t.testdir()
  const programs: [string, string, string | false, (file: string) => Promise<{ stdout: string }>][] = [
    ['curl', 'sample.sh', missing('curl'), (file) => run('sh', ['-eu', file], { cwd: folder })],
    [
      'TypeScript',
      'sample.mts',
      false,
      (file) => run(NODE[0], [...NODE.slice(1), '--import', 'tsx', file], { cwd: ROOT })
    ],
    ['Python', 'sample.py', missing('python3'), (file) => run('python3', [file], { cwd: folder })]
  ]
  for (const [language, name, skip, start] of programs)
    t.test(language, { skip }, async (t) => {
      const file = join(folder, name)
      writeFileSync(file, samples.get(language)!)
      const { stdout } = await start(file)
      t.match(stdout, /uncertainty/, 'an answer came')
    })
})

/** A busy machine sheds requests: asked again, as its answer says. */
async function textAt(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(url)
    if (answer.status !== 503 || attempt === MOST_ATTEMPTS) return answer.text()
    await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000)
  }
}

function unescaped(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
