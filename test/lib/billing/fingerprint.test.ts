import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { requestFingerprint, routePath } from '../../../lib/billing/paid-request.ts'
import { canonicalJson } from '../../../lib/json/canonical-json.ts'

t.test('numbers of RFC 8785, appendix B', async (t) => {
  const numbers: [bits: string, text: string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2']
  ]
  for (const [bits, text] of numbers) t.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text, bits)
})

t.test('examples of RFC 8785, sections 3.2.2 and 3.2.3', async (t) => {
  const sample = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`
  t.equal(
    canonicalJson(JSON.parse(sample)),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
  )
  const sorting = String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`
  t.same(
    [...canonicalJson(JSON.parse(sorting)).matchAll(/:"([^"]+)"/g)].map(([, value]) => value),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh'
    ]
  )
})

t.test('strings, keys and nesting', async (t) => {
  const cases: [json: string, canonical: string][] = [
    [String.raw`"\b\t\n\f\r\u0000\u001f\u007f\/\\\""`, '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f/\\\\\\""'],
    [String.raw`"\u2028\u2029\u00e9\ud83d\ude00"`, '"\u2028\u2029é😀"'],
    ['"e\u0301"', '"e\u0301"'],
    [String.raw`"\ud800"`, String.raw`"\ud800"`],
    [' { } ', '{}'],
    ['[ [ ] , { "a" : [ ] } ]', '[[],{"a":[]}]'],
    ['{"b":1,"a":2,"B":3,"":4,"aa":5,"10":6,"9":7}', '{"":4,"10":6,"9":7,"B":3,"a":2,"aa":5,"b":1}'],
    ['{"__proto__":1,"constructor":2,"a\\"b":3}', '{"__proto__":1,"a\\"b":3,"constructor":2}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['-0', '0'],
    ['1.0', '1'],
    ['null', 'null']
  ]
  for (const [json, canonical] of cases) t.equal(canonicalJson(JSON.parse(json)), canonical, json)
})

/** JSON with the members of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member)] as const)
  return Object.fromEntries(entries.reverse())
}

t.test('any JSON: same for any order and spelling, read back equal, canonical already', async (t) => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      const value = JSON.parse(json)
      const canonical = canonicalJson(value)
      const again = JSON.parse(canonical)
      t.strictSame(again, JSON.parse(JSON.stringify(value)), json)
      return (
        canonicalJson(shuffled(value)) === canonical &&
        canonicalJson(JSON.parse(JSON.stringify(value, null, 3))) === canonical &&
        canonicalJson(again) === canonical
      )
    }),
    { numRuns: 500 }
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => canonicalJson(text) === JSON.stringify(text)),
    { numRuns: 1000 }
  )
})

const ROUTE = '/v1/workouts/:workout_id/revisions'
const PARAMS = { workout_id: 'w1' }
const BODY = { duration_seconds: 180, user: { height: { value: 70, unit: 'in' } }, splits: [{ a: 1 }, { a: 2 }] }

function fingerprintOf(method: string, pattern: string, params: unknown, body: unknown): string {
  return requestFingerprint(method, pattern, params, canonicalJson(body))
}

t.test('a fingerprint is sha256 over method, pattern, parameters and body', async (t) => {
  t.equal(
    fingerprintOf('POST', '/v1/compute-power', undefined, { b: 1.0, a: 'é' }),
    createHash('sha256').update('POST\n/v1/compute-power\n{}\n{"a":"é","b":1}').digest('hex')
  )
  t.equal(fingerprintOf('POST', ROUTE, {}, 1), fingerprintOf('POST', ROUTE, undefined, 1), 'no parameters')
})

t.test('a fingerprint is the same for the same request, and for no other', async (t) => {
  const own = fingerprintOf('POST', ROUTE, PARAMS, BODY)
  const respelled = JSON.parse(
    '{ "splits":[{"a":1.0},{"a":2e0}],"user":{"height":{"unit":"\\u0069n","value":7.0e1}}, "duration_seconds":180.000}'
  )
  t.equal(fingerprintOf('POST', ROUTE, { ...PARAMS }, respelled), own)
  const changed = (edit: (body: typeof BODY) => void) => {
    const body = structuredClone(BODY)
    edit(body)
    return fingerprintOf('POST', ROUTE, PARAMS, body)
  }
  const others = {
    method: fingerprintOf('PUT', ROUTE, PARAMS, BODY),
    pattern: fingerprintOf('POST', '/v1/compute-power', PARAMS, BODY),
    parameter: fingerprintOf('POST', ROUTE, { workout_id: 'w2' }, BODY),
    'parameter name': fingerprintOf('POST', ROUTE, { id: 'w1' }, BODY),
    'one digit': changed((body) => {
      body.duration_seconds = 181
    }),
    'the last bit': changed((body) => {
      body.duration_seconds = 180.00000000000003
    }),
    unit: changed((body) => {
      body.user.height.unit = 'cm'
    }),
    'order of a list': changed((body) => {
      body.splits.reverse()
    }),
    'one more': changed((body) => {
      body.splits.push({ a: 3 })
    }),
    'number as text': fingerprintOf('POST', ROUTE, PARAMS, { ...BODY, duration_seconds: '180' }),
    'null member': fingerprintOf('POST', ROUTE, PARAMS, { ...BODY, extra: null }),
    'body moved into the parameters': fingerprintOf('POST', ROUTE, { ...PARAMS, ...BODY }, {}),
    'lines moved': fingerprintOf('POST', `${ROUTE}\n{}`, PARAMS, BODY)
  }
  const all = [own, ...Object.values(others)]
  t.equal(new Set(all).size, all.length, Object.keys(others).join(', '))
  for (const fingerprint of all) t.match(fingerprint, /^[0-9a-f]{64}$/)
})

t.test('routePath has one spelling', async (t) => {
  t.equal(routePath('/v1/compute-power', { any: 'x' }), '/v1/compute-power')
  t.equal(routePath(ROUTE, { workout_id: 'a/b é?#%2F' }), '/v1/workouts/a%2Fb%20%C3%A9%3F%23%252F/revisions')
  t.equal(routePath('/:a/:b', { a: ':b', b: '1' }), '/%3Ab/1', 'a value is no pattern')
  t.equal(routePath('/:a/x', {}), '//x')
})
