import t from 'tap'
import { unnamed } from '../openapi/breaks.ts'

t.test('a breaking change has to be named in the newest section of the changelog', async (t) => {
  const breaks = ['computePower', 'listWorkouts'].map((operationId) => ({ id: 'x', text: 'x', operationId }))
  const missing = (changelog: string) => unnamed(breaks, changelog).map(({ operationId }) => operationId)
  t.strictSame(missing('# Changelog\n\n## 1.1.0\n\n- Faster.\n'), ['computePower', 'listWorkouts'])
  t.strictSame(missing('# Changelog\n\n## 1.1.0\n\n- Breaking (`computePower`): no `x`.\n'), ['listWorkouts'])
  t.strictSame(missing('## 1.1.0\n- Breaking (`computePower`, `listWorkouts`): no `x`.\n'), [])
  t.strictSame(missing('## 1.1.0\n- computePower and listWorkouts change.\n'), ['computePower', 'listWorkouts'])
  t.strictSame(missing('## 1.1.0\n- Breaking (`computePowers`).\n'), ['computePower', 'listWorkouts'])
  t.strictSame(missing('## 1.1.0\n\n## 1.0.0\n- Breaking (`computePower`).\n'), ['computePower', 'listWorkouts'])
})
