import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { onEachEngine, type Place } from '../../support/engines.ts'
import { programOf } from '../../support/program.ts'
import { answer, bought, deferred, openAt, request } from '../ledger/helpers.ts'
import type { Told } from './crash-writer.ts'
import { holdInvariants } from './invariants.ts'

const [COMMAND, ...WRITER] = programOf('test/lib/workouts/crash-writer.ts')
const ROUNDS = 3
const LINES = 150

/** Lets a writer work until it has told much, then kills it in the middle of the next thing. @returns all it told */
async function writeUntilKilled(t: Test, place: Place, name: string): Promise<Told[]> {
  const child = spawn(COMMAND, [...WRITER, JSON.stringify(place.config), name], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  child.stderr.on('data', (text) => t.comment(String(text)))
  const exit = once(child, 'exit')
  const reported: Told[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(JSON.parse(line))
    if (reported.length === LINES) child.kill('SIGKILL')
  }
  await exit
  t.equal(child.signalCode, 'SIGKILL')
  return reported
}

await onEachEngine(t, (t, { makePlace }) => {
  t.test('killed again and again while it sells, revises and voids', async (t) => {
    const place = await makePlace(t)
    const reported: Told[] = []
    for (let round = 0; round < ROUNDS; round++) {
      reported.push(...(await writeUntilKilled(t, place, `round${round}`)))
      await holdInvariants(t, place)
    }
    const { ledger } = await openAt(t, place)
    const rows = await place.rows('SELECT revision_id, state FROM revisions')
    const states = new Map(rows.map(({ revision_id, state }) => [revision_id, state]))
    const revisions = reported.filter(({ what }) => what === 'bought')
    t.ok(revisions.length > ROUNDS * 50, `${revisions.length} revisions were bought`)
    t.same(
      revisions.filter(({ revisionId }) => !states.has(revisionId)),
      [],
      'none is lost'
    )
    t.same(
      reported.filter(({ what, revisionId }) => what === 'voided' && states.get(revisionId) !== 'voided'),
      [],
      'what was voided stays so'
    )
    for (const { proofKey, revisionId } of revisions) {
      const asked = proofKey.startsWith('x402:') ? deferred(revisionId) : request(revisionId)
      const { answer: given } = await bought(ledger, asked)
      if (given?.body !== answer(revisionId).body) t.fail(`${proofKey} has lost its answer`)
    }

    const open = await ledger.pendingPayments(0, 1000)
    const settling = new Set(reported.flatMap(({ what, proofKey }) => (what === 'settling' ? [proofKey] : [])))
    for (const { proofKey } of reported.filter(({ what }) => what === 'bought')) settling.delete(proofKey)
    const pending = new Set(open.map(({ proofKey }) => proofKey))
    const captured = await place.rows("SELECT proof_key FROM payments WHERE state = 'captured'")
    const isCaptured = new Set(captured.map(({ proof_key }) => proof_key))
    t.same(
      [...settling].filter((proofKey) => !pending.has(proofKey) && !isCaptured.has(proofKey)),
      [],
      'what was settling is pending, or was captured with nobody left to hear of it'
    )
    t.comment(`${open.length} payments were pending`)
    for (const [index, { proofKey }] of open.entries()) {
      if (index % 2 === 0) t.same((await ledger.capturePending(proofKey, '0x')).answer, answer(proofKey.slice(5)))
      else await ledger.releasePending(proofKey)
    }
    t.same(await ledger.pendingPayments(0, 1000), [])
    await holdInvariants(t, place)
  })
})
