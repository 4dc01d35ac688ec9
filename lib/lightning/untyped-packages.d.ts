/** The function used from a package without types. Hex strings, ISO 8601 dates. */
declare module 'invoices' {
  export function createUnsignedRequest(args: {
    cltv_delta: number
    created_at: string
    description: string
    expires_at: string
    features: Array<{ bit: number }>
    id: string
    mtokens: string
    network: string
    payment: string
  }): { hash: string; hrp: string; tags: number[] }
}

/** ln-service has no types of its own; this function is the `lightning` package's. */
declare module 'ln-service' {
  export { authenticatedLndGrpc } from 'lightning'
}
