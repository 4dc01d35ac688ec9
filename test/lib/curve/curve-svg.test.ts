import t from 'tap'
import { curveSvg } from '../../../lib/curve/picture/curve-svg.ts'
import type { CurveAnswer } from '../../../schemas/curve.ts'
import { answerTo, effort, split, workout } from './helpers.ts'

const rich = [
  effort(60, 400),
  effort(300, 300, 'gymnastics'),
  effort(1200, 220, 'cardiovascular'),
  workout('rounds', Array(5).fill(split(90, 12_000, 'mixed', 30)), '2026-06-01', 60)
]

/** Elements of a well-formed document with their depth; throws if a tag is not closed in order. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string> }[] {
  const open: string[] = []
  const elements = []
  const tag = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[^<]+|</g
  for (const [token, closes, name, attributes = '', isEmpty] of xml.matchAll(tag)) {
    if (name === undefined) {
      if (token === '<' || /&(?!(amp|lt|gt|quot);)/.test(token)) throw new Error(`bare ${token}`)
      continue
    }
    if (closes) {
      if (open.pop() !== name) throw new Error(`${name} closes nothing`)
      continue
    }
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])
    elements.push({ name, attributes: Object.fromEntries(pairs) })
    if (!isEmpty) open.push(name)
  }
  if (open.length > 0) throw new Error(`${open.join()} left open`)
  return elements
}

t.test('a picture is well-formed, deterministic and self-contained', async (t) => {
  const answer = answerTo(rich)
  const svg = curveSvg(answer)
  t.equal(curveSvg(JSON.parse(JSON.stringify(answer))), svg)
  const elements = elementsOf(svg)
  t.same([...new Set(elements.map(({ name }) => name))].sort(), [
    'desc',
    'path',
    'rect',
    'style',
    'svg',
    'text',
    'title'
  ])
  t.notMatch(svg.replace('xmlns="http://www.w3.org/2000/svg"', ''), /https?:|href|url\(|@import|<script|\son\w+=/)
  t.match(svg, /<title id="title">Power-duration curve<\/title>/)
  t.match(svg, /<desc id="desc">10 s to 1 h: area [\d.]+ kJ, .*Critical power [\d.]+ W, W′ [\d.]+ kJ<\/desc>/)
  t.match(svg, /@media\(prefers-color-scheme:dark\)/)
  for (const words of ['Duration (log scale)', 'Average power, W', '10 s', '1 min', '1 h', 'envelope']) {
    t.ok(svg.includes(`>${words}</text>`), words)
  }
})

/** Points of an `M x y L x y …` path. */
function placesOf(svg: string, className: string): number[][] {
  const found = elementsOf(svg).find(({ attributes }) => attributes.class === className)!
  return found.attributes
    .d!.slice(1)
    .split('L')
    .map((place) => place.split(' ').map(Number))
}

t.test('lines follow the curve', async (t) => {
  // 10 s to 1000 s on a log axis: a factor of ten is half its width.
  const svg = curveSvg(answerTo([effort(100, 200)], { to_seconds: 1000 }))
  const places = placesOf(svg, 'envelope')
  const [left, top] = places[0]!
  const [right, bottom] = places.at(-1)!
  const corner = places.find(([x]) => Math.abs(x! - (left! + right!) / 2) < 0.02)!
  t.equal(corner[1], top, 'level up to the sample')
  const axis = elementsOf(svg).find(({ attributes }) => attributes.class === 'axis')!.attributes.d!
  const zero = Number(/V([\d.]+)/.exec(axis)![1])
  t.ok(Math.abs((zero - bottom!) / (zero - top!) - 0.1) < 1e-3, 'a tenth of the power at ten times the duration')
  const twice = left! + ((right! - left!) * Math.log10(20)) / 2
  const near = places.reduce((best, one) => (Math.abs(one[0]! - twice) < Math.abs(best[0]! - twice) ? one : best))
  const there = (zero - near[1]!) / (zero - top!)
  t.ok(Math.abs(there - 0.5) < 0.02, `half the power at twice the duration, not a straight line: ${there}`)
})

t.test('every kind of sample has its own mark, filled on the envelope', async (t) => {
  const answer = answerTo(rich)
  const marks = elementsOf(curveSvg(answer)).filter(({ attributes }) => attributes.class?.startsWith('mark'))
  const formOf = (d: string) => d.replace(/M[\d.-]+ [\d.-]+/g, 'M').split('M')[1]!
  t.equal(new Set(marks.map(({ attributes }) => formOf(attributes.d!))).size, 3)
  const drawn = (className: string) =>
    marks
      .filter(({ attributes }) => attributes.class === className)
      .flatMap(({ attributes }) => attributes.d!.match(/M/g))
  const on = answer.points.filter(({ on_envelope }) => on_envelope).length
  t.ok(on > 2 && on < answer.points.length)
  t.equal(drawn('mark on').length, on + 1, 'one more in the legend')
  t.equal(drawn('mark').length, answer.points.length - on + 3)
})

t.test('critical power is drawn if it exists; an empty curve draws nothing', async (t) => {
  const withFit = curveSvg(answerTo(rich))
  t.match(withFit, /CP [\d.]+ W<\/text>/)
  t.ok(placesOf(withFit, 'fit').length > 10)
  t.notMatch(curveSvg(answerTo([effort(60, 400)])), /class="(fit|cp)"/)
  const empty = curveSvg(answerTo([]))
  t.match(empty, /No workout has work yet/)
  t.equal(elementsOf(empty).filter(({ attributes }) => attributes.class === 'area').length, 0)
})

t.test('texts never overlap or leave the picture, for any numbers', async (t) => {
  const cases: [string, CurveAnswer][] = [
    ['usual', answerTo(rich)],
    ['wide', answerTo([effort(1e-3, 5000), effort(1e6, 0.01)], { from_seconds: 1, to_seconds: 2_678_400 })],
    ['narrow', answerTo([effort(60, 1e-7)], { from_seconds: 59, to_seconds: 60 })],
    ['high', answerTo([effort(300, 1e12), effort(900, 9e11)])]
  ]
  for (const [name, answer] of cases) {
    const ticks = elementsOf(curveSvg(answer)).filter(({ attributes }) => attributes.class === 'tick')
    const alongTime = ticks
      .filter((tick) => tick.attributes['text-anchor'] === 'middle')
      .map((tick) => Number(tick.attributes.x))
    t.ok(ticks.length - alongTime.length >= 2, `${name}: powers`)
    t.ok(
      alongTime.every((x, index) => x >= 0 && x <= 860 && (index === 0 || x - alongTime[index - 1]! >= 46)),
      `${name}: durations`
    )
  }
})
