import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { finalizeEvent, generateSecretKey, getPublicKey, matchFilter, nip44, verifyEvent } from 'nostr-tools'
import { bytesToHex } from 'nostr-tools/utils'
import { type WebSocket, WebSocketServer } from 'ws'

type Event = ReturnType<typeof finalizeEvent>
type Filter = Parameters<typeof matchFilter>[0]

/** NIP-47. */
const INFO = 13194
const REQUEST = 23194
const RESPONSE = 23195

/** A Nostr relay (NIP-01, as much of it as a wallet needs) and a wallet service (NIP-47) in one process. */
export interface NostrWallet {
  /** What a person copies from the wallet: `nostr+walletconnect://…`. */
  readonly connection: string
  /** How often it has paid. */
  readonly payments: () => number
  readonly close: () => Promise<void>
}

/** @param payInvoice pays; what it throws is the error of the wallet */
export async function startNostrWallet(
  payInvoice: (invoice: string) => Promise<{ readonly preimage: string }>
): Promise<NostrWallet> {
  const walletKey = generateSecretKey()
  const clientKey = generateSecretKey()
  const conversation = nip44.getConversationKey(walletKey, getPublicKey(clientKey))
  const now = () => Math.floor(Date.now() / 1000)
  const info = finalizeEvent(
    { kind: INFO, created_at: now(), tags: [['encryption', 'nip44_v2']], content: 'pay_invoice' },
    walletKey
  )
  let payments = 0

  async function respond(request: Event): Promise<Event> {
    const { method, params } = JSON.parse(nip44.decrypt(request.content, conversation))
    let reply: object
    try {
      if (method !== 'pay_invoice') throw new Error(`${method} is not implemented`)
      payments++
      reply = { result_type: method, result: { ...(await payInvoice(params.invoice)), fees_paid: 0 } }
    } catch (error) {
      reply = { result_type: method, error: { code: 'PAYMENT_FAILED', message: (error as Error).message } }
    }
    return finalizeEvent(
      {
        kind: RESPONSE,
        created_at: now(),
        tags: [
          ['p', request.pubkey],
          ['e', request.id]
        ],
        content: nip44.encrypt(JSON.stringify(reply), conversation)
      },
      walletKey
    )
  }

  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  server.on('connection', (socket: WebSocket) => {
    const subscriptions = new Map<string, Filter>()
    const send = (...message: unknown[]) => socket.send(JSON.stringify(message))
    const deliver = (event: Event) => {
      for (const [name, filter] of subscriptions) if (matchFilter(filter, event)) send('EVENT', name, event)
    }
    socket.on('message', async (data) => {
      const [type, ...rest] = JSON.parse(String(data))
      if (type === 'REQ') {
        const [name, filter] = rest as [string, Filter]
        subscriptions.set(name, filter)
        if (matchFilter(filter, info)) send('EVENT', name, info)
        send('EOSE', name)
      } else if (type === 'CLOSE') subscriptions.delete(rest[0])
      else if (type === 'EVENT') {
        const [event] = rest as [Event]
        const isGood = verifyEvent(event) && event.kind === REQUEST
        send('OK', event.id, isGood, '')
        if (isGood) deliver(await respond(event))
      }
    })
  })
  const { port } = server.address() as AddressInfo
  const relay = encodeURIComponent(`ws://127.0.0.1:${port}`)
  return {
    connection: `nostr+walletconnect://${getPublicKey(walletKey)}?relay=${relay}&secret=${bytesToHex(clientKey)}`,
    payments: () => payments,
    close: async () => {
      for (const client of server.clients) client.terminate()
      server.close()
      await once(server, 'close')
    }
  }
}
