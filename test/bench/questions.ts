/** What the bench asks a server over IPC. */
export type Question = 'usage' | 'hold' | 'release'

/** What a server says of itself. */
export interface Usage {
  readonly url: string
  /** User and system time of the whole process, microseconds. */
  readonly cpuUs: number
  readonly rssBytes: number
  /** Made by the development wallet so far. */
  readonly invoices: number
  /** Of the requests that were answered with 503 since it was asked last: how long it had them, ms. */
  readonly refusedMs?: readonly number[]
}

/** Tells the bench where this server listens, then answers its questions until the bench goes away. */
export function answerQuestions(
  url: string,
  extra: (question: Question) => Pick<Usage, 'invoices' | 'refusedMs'>
): void {
  if (process.send === undefined) return
  const tell = (question: Question) => {
    const others = extra(question)
    const { user, system } = process.cpuUsage()
    const usage: Usage = { url, cpuUs: user + system, rssBytes: process.memoryUsage.rss(), ...others }
    process.send?.(usage)
  }
  process.on('message', (question) => tell(question as Question))
  process.on('disconnect', () => process.exit(0))
  tell('usage')
}
