import fc from 'fast-check'
import t from 'tap'
import { editDistances, LONGEST_WANTED } from '../../../lib/compute/edit-distance.ts'

t.test('known distances', async (t) => {
  t.strictSame(editDistances('kitten', ['sitting', 'kitten', '', 'mitten']), [3, 0, 6, 1])
  t.strictSame(editDistances('', ['', 'abc']), [0, 3])
  t.strictSame(editDistances('intention', ['execution']), [5])
})

t.test('as the table of Wagner and Fischer has them', async () => {
  const alphabet = fc.constantFrom('a', 'b', 'c', '_', '7')
  const wanted = fc.string({ unit: alphabet, maxLength: LONGEST_WANTED })
  const texts = fc.array(fc.string({ unit: alphabet, maxLength: 40 }), { maxLength: 4 })
  fc.assert(
    fc.property(wanted, texts, (wanted, texts) => {
      const distances = editDistances(wanted, texts)
      return texts.every((text, index) => distances[index] === tableDistance(wanted, text))
    }),
    { numRuns: 1000 }
  )
})

function tableDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = row[column - 1]! + (to[column - 1] === character ? 0 : 1)
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
