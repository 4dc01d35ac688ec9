import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Raw blocks in a file, one a line: line n is the block at height n, in hex. Genesis is never kept. */
export class KeptBlocks {
  readonly #file: string
  readonly #blocks: string[]

  constructor(file: string) {
    this.#file = file
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    // A line that a crash cut short has no end.
    this.#blocks = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)
    if (text.length > 0 && !text.endsWith('\n')) this.#rewrite()
  }

  /** The height of the last block kept; 0 without any. */
  get height(): number {
    return this.#blocks.length
  }

  /** @param height from 1 */
  at(height: number): string | undefined {
    return this.#blocks[height - 1]
  }

  /** Keeps the block at the next height. */
  push(block: string): void {
    appendFileSync(this.#file, `${block}\n`)
    this.#blocks.push(block)
  }

  /** Forgets every block. */
  clear(): void {
    this.#blocks.length = 0
    this.#rewrite()
  }

  #rewrite(): void {
    writeFileSync(this.#file, this.#blocks.map((block) => `${block}\n`).join(''))
  }
}
