declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http'

  type Handler = (
    request: IncomingMessage,
    response: ServerResponse & { json(body: unknown): void },
    next: () => void
  ) => void
  /** As much of it as the bench calls: its types are a package of their own. */
  interface Express {
    use(handler: unknown): void
    post(path: string, ...handlers: Handler[]): void
    listen(port: number, host: string, listening: () => void): Server
  }
  const express: { (): Express; json(): Handler }
  export default express
}
