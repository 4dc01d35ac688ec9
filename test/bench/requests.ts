import { computePowerExample } from '../../schemas/compute-power.ts'

const PATH = '/v1/compute-power'

/** Distinct workouts: the example with the athlete a gram heavier each time, so that nothing is ever reused. */
export class Workouts {
  #made: number

  /** @param first where another list of this run ends, so that they have no workout in common */
  constructor(first = 0) {
    this.#made = first
  }

  take(count: number): string[] {
    return Array.from({ length: count }, () => {
      this.#made += 1
      return workoutText(180 + this.#made / 10_000, 'thruster')
    })
  }

  /** The same with a misspelt movement, one digit of it different each time. */
  takeMisspelt(count: number): string[] {
    return this.take(count).map((text, index) => text.replace('"thruster"', `"thruste${index % 10}"`))
  }
}

function workoutText(bodyMassLb: number, movement: string): string {
  const { user, splits } = computePowerExample
  const [first, ...others] = splits
  const [line, ...lines] = first!.work.movements
  return JSON.stringify({
    ...computePowerExample,
    user: { ...user, body_mass: { ...user.body_mass, value: Number(bodyMassLb.toFixed(4)) } },
    splits: [{ ...first, work: { movements: [{ ...line, movement }, ...lines] } }, ...others]
  })
}

/** A workout as bytes for the wire. */
export function workoutRequest(body: string, authorization?: string): Buffer {
  return post(PATH, body, authorization === undefined ? '' : `authorization: ${authorization}\r\n`)
}

/** Asks the development wallet to pay an invoice. */
export function payRequest(invoice: string): Buffer {
  return post('/dev/lightning/pay', JSON.stringify({ invoice }), '')
}

function post(path: string, body: string, headers: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\naccept: */*\r\n` +
      `content-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

export const healthRequest = Buffer.from('GET /v1/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
