/** A client's connection, as delivery sees it. */
export interface Connection {
  readonly isOpen: boolean
}

/**
 * The connection on which each payment's answer is delivered. A payment without a purchase name buys one delivery:
 * copies that arrive while its connection is open get no answer; one of them takes over after it has closed. Held in
 * memory, one entry per request in progress.
 */
export class AnswerConnections {
  readonly #byProof = new Map<string, Connection>()

  /**
   * @param proof names the whole proof
   * @returns false if another open connection waits for the same answer
   */
  take(proof: string, connection: Connection): boolean {
    const holder = this.#byProof.get(proof)
    if (holder !== undefined && holder !== connection && holder.isOpen) return false
    // Of a connection that has closed already, no event would end the entry.
    if (connection.isOpen) this.#byProof.set(proof, connection)
    return true
  }

  /** The connection has received its response, or has closed. */
  leave(proof: string, connection: Connection): void {
    if (this.#byProof.get(proof) === connection) this.#byProof.delete(proof)
  }
}
