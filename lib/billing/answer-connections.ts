/** A client's connection, as far as the delivery of an answer goes. */
export interface Connection {
  readonly isOpen: boolean
}

/**
 * Which connection a payment's answer leaves on. A payment that its payer has not named buys one delivery: copies that
 * arrive while its connection is open get no answer, and one of them takes its place once it has closed. Held in memory,
 * an entry for each such request that is being served.
 */
export class AnswerConnections {
  readonly #byProof = new Map<string, Connection>()

  /**
   * @param proof names the whole proof
   * @returns false where an open connection waits for the same answer
   */
  take(proof: string, connection: Connection): boolean {
    const holder = this.#byProof.get(proof)
    if (holder !== undefined && holder !== connection && holder.isOpen) return false
    this.#byProof.set(proof, connection)
    return true
  }

  /** The connection has received its response, or has closed. */
  leave(proof: string, connection: Connection): void {
    if (this.#byProof.get(proof) === connection) this.#byProof.delete(proof)
  }
}
