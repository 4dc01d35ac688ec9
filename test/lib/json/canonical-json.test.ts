import fc from 'fast-check'
import t from 'tap'
import { canonicalJson } from '../../../lib/json/canonical-json.ts'

t.test('any number of names, in UTF-16 order', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.integer({ min: 0, max: 999 }).map(String))
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 80 }), (names) => {
      const record = Object.fromEntries(names.filter((name) => name !== '__proto__').map((name) => [name, 0]))
      const expected = Object.keys(record)
        .sort()
        .map((name) => `${JSON.stringify(name)}:0`)
      return canonicalJson(record) === `{${expected.join(',')}}`
    })
  )
})

t.test('more names than the cache holds', async (t) => {
  for (let index = 0; index < 2000; index++) t.equal(canonicalJson({ [`"${index}`]: -0 }), `{"\\"${index}":0}`)
})
