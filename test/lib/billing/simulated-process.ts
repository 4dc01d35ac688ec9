import type { Ledger } from '../../../lib/ledger/ledger.ts'

/** A process that can die between any two steps: what it waits for then never comes. */
export class SimulatedProcess {
  /** Steps that were reached, in order. */
  readonly steps: string[] = []
  readonly ended: Promise<void>
  #end = () => {}
  #isOver = false
  /** Says at which step it dies. */
  diesAt: (step: string, count: number) => boolean = () => false

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Goes on while it lives. */
  reach(step: string): Promise<void> {
    if (!this.#isOver) {
      this.steps.push(step)
      this.#isOver = this.diesAt(step, this.steps.length)
      if (this.#isOver) this.#end()
    }
    return this.#isOver ? new Promise(() => {}) : Promise.resolve()
  }
}

const STEPS = [
  'claim',
  'beginSettling',
  'capture',
  'release',
  'leaveUnknown',
  'resumeSettling',
  'capturePending',
  'releasePending',
  'holdDelivery'
] as const

/** The ledger of a process that may die before and after each call. */
export function crashable(ledger: Ledger, process: SimulatedProcess): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      const call = member.bind(target)
      if (name === 'markDelivered' || name === 'releaseDelivery') return (key: string) => process.isOver || call(key)
      if (!STEPS.some((step) => step === name)) return call
      return async (...given: unknown[]) => {
        await process.reach(`before ${String(name)}`)
        const result = await call(...given)
        await process.reach(`after ${String(name)}`)
        return result
      }
    }
  })
}
