import { isDeepStrictEqual } from 'node:util'
import type { Ledger } from '../../../lib/ledger/ledger.ts'
import { RevisionConflict } from '../../../lib/workouts/revision-conflict.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import type { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { answer, claim, deferred, record, request } from '../ledger/helpers.ts'

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface ModelWorkout {
  readonly workoutId: string
  /** Oldest first; the last one is canonical, unless it is voided. */
  readonly revisionIds: string[]
  isVoided: boolean
}

/** One athlete's random history on a real store, held against the simplest model of what must be true. */
export class History {
  readonly athleteKey: Buffer
  readonly #name: string
  readonly #ledger: Ledger
  readonly #store: WorkoutStore
  readonly #random: () => number
  #workouts: ModelWorkout[] = []
  /** Of workouts that were erased. */
  readonly #erased: string[] = []
  #count = 0

  constructor(name: string, ledger: Ledger, store: WorkoutStore, random: () => number) {
    this.#name = name
    this.#ledger = ledger
    this.#store = store
    this.#random = random
    this.athleteKey = Buffer.alloc(32, name.padStart(32, '.'))
  }

  async run(steps: number): Promise<void> {
    await this.#buy()
    for (let step = 0; step < steps; step++) await this.#step()
    await this.check()
  }

  async #step(): Promise<void> {
    const dice = this.#random()
    if (dice < 0.2) return this.#buy()
    const workout = this.#pick(this.#workouts)
    if (workout === undefined) return this.#reviseErased()
    if (dice < 0.45) return this.#revise(workout)
    if (dice < 0.6) return this.#settleRevision(workout)
    if (dice < 0.75) return this.#void(workout)
    if (dice < 0.93) return this.#race(workout)
    return this.#erase()
  }

  async #buy(): Promise<void> {
    const workoutId = this.#next('w')
    const revisionId = this.#next('r')
    await this.#capture(this.#record(workoutId, revisionId))
    this.#workouts.push({ workoutId, revisionIds: [revisionId], isVoided: false })
  }

  async #revise(workout: ModelWorkout): Promise<void> {
    const supersedes = this.#pick(workout.revisionIds)!
    const revisionId = this.#next('r')
    const conflict = await conflictOf(this.#capture(this.#record(workout.workoutId, revisionId, supersedes)))
    this.#expectRevision(workout, supersedes, revisionId, conflict)
  }

  /** A revision whose money moves late: meanwhile nobody else may change the workout. */
  async #settleRevision(workout: ModelWorkout): Promise<void> {
    const supersedes = this.#pick(workout.revisionIds)!
    const revisionId = this.#next('r')
    const stored = this.#record(workout.workoutId, revisionId, supersedes)
    const held = await claim(this.#ledger, deferred(revisionId))
    const conflict = await conflictOf(this.#ledger.beginSettling(held, answer(revisionId), stored))
    if (conflict !== undefined) return this.#expectRevision(workout, supersedes, revisionId, conflict)
    const canonical = workout.revisionIds.at(-1)!
    const [rival, voided] = [
      await conflictOf(this.#capture(this.#record(workout.workoutId, this.#next('r'), canonical))),
      await this.#store.voidWorkout(this.athleteKey, workout.workoutId, canonical, undefined)
    ]
    same(rival?.undecided, true, 'a revision beside a settling one')
    same(voided.kind === 'conflict' && voided.conflict.undecided, true, 'a void beside a settling revision')
    const end = this.#random()
    if (end < 0.3) return void (await this.#ledger.release(held))
    if (end < 0.5) {
      await this.#ledger.leaveUnknown(held)
      await this.#ledger.releasePending(`x402:${revisionId}`)
      return
    }
    if (end < 0.6) {
      await this.#erase()
      await this.#ledger.capture(held, answer(revisionId), stored, '0x')
      return
    }
    if (end < 0.8) {
      await this.#ledger.leaveUnknown(held)
      await this.#ledger.capturePending(`x402:${revisionId}`, '0x')
    } else await this.#ledger.capture(held, answer(revisionId), stored, '0x')
    this.#expectRevision(workout, supersedes, revisionId, undefined)
  }

  async #void(workout: ModelWorkout): Promise<void> {
    const revisionId = this.#pick(workout.revisionIds)!
    const outcome = await this.#store.voidWorkout(this.athleteKey, workout.workoutId, revisionId, 'why')
    const canonical = workout.revisionIds.at(-1)!
    if (revisionId === canonical) {
      same(outcome.kind, 'voided', 'void')
      workout.isVoided = true
    } else
      same(
        outcome.kind === 'conflict' && outcome.conflict.canonicalRevisionId,
        workout.isVoided ? undefined : canonical,
        'void of what is superseded'
      )
  }

  /** Two at once: one of them takes place, or none. */
  async #race(workout: ModelWorkout): Promise<void> {
    const canonical = workout.revisionIds.at(-1)!
    const [one, two] = [this.#next('r'), this.#next('r')]
    const isVoidToo = this.#random() < 0.5
    const [first, second] = await Promise.all([
      conflictOf(this.#capture(this.#record(workout.workoutId, one, canonical))),
      isVoidToo
        ? this.#store
            .voidWorkout(this.athleteKey, workout.workoutId, canonical, undefined)
            .then((outcome) => (outcome.kind === 'conflict' ? outcome.conflict : undefined))
        : conflictOf(this.#capture(this.#record(workout.workoutId, two, canonical)))
    ])
    const won = [first, second].filter((conflict) => conflict === undefined).length
    // Voiding again what is voided succeeds.
    same(won, workout.isVoided && !isVoidToo ? 0 : 1, 'winners of a race')
    if (workout.isVoided) return
    if (first === undefined) workout.revisionIds.push(one)
    else if (isVoidToo) workout.isVoided = true
    else workout.revisionIds.push(two)
  }

  async #erase(): Promise<void> {
    const { revisions } = this
    same(await this.#store.erase(this.athleteKey), revisions, 'erased revisions')
    this.#erased.push(...this.#workouts.map(({ workoutId }) => workoutId))
    this.#workouts = []
  }

  async #reviseErased(): Promise<void> {
    const workoutId = this.#pick(this.#erased)
    if (workoutId === undefined) return
    const conflict = await conflictOf(this.#capture(this.#record(workoutId, this.#next('r'), 'gone')))
    same(conflict !== undefined && conflict.canonicalRevisionId === undefined, true, 'a revision of what was erased')
  }

  /** Everything that can be read says what the model says. */
  async check(): Promise<void> {
    const open = this.#workouts.filter(({ isVoided }) => !isVoided)
    const { workouts } = await this.#store.list(this.athleteKey, {}, 1000)
    const canonical = open.map(({ revisionIds }) => revisionIds.at(-1)!).reverse()
    same(
      workouts.map(({ revisionId }) => revisionId),
      canonical,
      'the list'
    )
    // Each history looks somewhere; all of them together look everywhere.
    if (this.#random() < 0.3) await this.#checkCurve(open)
    if (this.#random() < 0.5) await this.#checkTrail()
    const workoutId = this.#pick(this.#erased)
    if (workoutId !== undefined) same(await this.#store.workout(this.athleteKey, workoutId), undefined, 'erased')
  }

  async #checkCurve(open: readonly ModelWorkout[]): Promise<void> {
    const { figures } = await this.#store.changesSince(this.athleteKey, undefined)
    same(
      figures.map(({ workoutId }) => workoutId).sort(),
      open.map(({ workoutId }) => workoutId).sort(),
      'what the curve counts'
    )
  }

  async #checkTrail(): Promise<void> {
    const workout = this.#pick(this.#workouts)
    if (workout === undefined) return
    const { workoutId, revisionIds, isVoided } = workout
    const trail = await this.#store.revisions(this.athleteKey, workoutId)
    same(
      trail.map(({ revisionId, state, supersedesRevisionId }) => [revisionId, state, supersedesRevisionId]),
      revisionIds.map((revisionId, index) => [
        revisionId,
        index < revisionIds.length - 1 ? 'superseded' : isVoided ? 'voided' : 'canonical',
        revisionIds[index - 1]
      ]),
      'no revision is lost, and exactly one counts'
    )
  }

  /** How many revisions there must be. */
  get revisions(): number {
    return this.#workouts.reduce((count, { revisionIds }) => count + revisionIds.length, 0)
  }

  #expectRevision(
    workout: ModelWorkout,
    supersedes: string,
    revisionId: string,
    conflict: RevisionConflict | undefined
  ): void {
    const canonical = workout.isVoided ? undefined : workout.revisionIds.at(-1)
    if (supersedes === canonical) {
      same(conflict, undefined, 'a revision of the canonical one')
      workout.revisionIds.push(revisionId)
    } else
      same(
        [conflict?.canonicalRevisionId, conflict?.undecided],
        [canonical, false],
        'a revision of what does not count'
      )
  }

  async #capture(stored: WorkoutRecord): Promise<void> {
    const held = await claim(this.#ledger, request(stored.revisionId))
    await this.#ledger.capture(held, answer(stored.revisionId), stored)
  }

  #record(workoutId: string, revisionId: string, supersedes?: string): WorkoutRecord {
    const stored = record('', { athleteKey: this.athleteKey, workoutId, revisionId })
    return supersedes === undefined ? stored : { ...stored, supersedes: { revisionId: supersedes } }
  }

  #next(kind: string): string {
    return `${this.#name}-${kind}${++this.#count}`
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)]
  }
}

async function conflictOf(work: Promise<unknown>): Promise<RevisionConflict | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    if (error instanceof RevisionConflict) return error
    throw error
  }
}

function same(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}
