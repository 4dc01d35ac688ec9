declare module 'macaroons.js' {
  interface Macaroon {
    readonly identifier: string
    readonly signatureBuffer: Buffer
    readonly caveatPackets: readonly { readonly rawValue: Buffer }[]
    serialize(): string
  }
  class MacaroonsBuilder {
    constructor(location: string, key: Buffer, identifier: string)
    static deserialize(serialized: string): Macaroon
    add_first_party_caveat(caveat: string): this
    getMacaroon(): Macaroon
  }
  class MacaroonsVerifier {
    constructor(macaroon: Macaroon)
    satisfyGeneral(verifier: (caveat: string) => boolean): this
    isValid(key: Buffer): boolean
  }
  /** A CommonJS package whose names Node does not detect: the default export holds them all. */
  const macaroons: {
    readonly MacaroonsBuilder: typeof MacaroonsBuilder
    readonly MacaroonsVerifier: typeof MacaroonsVerifier
    readonly MacaroonsConstants: { IDENTIFIER_CHARSET: BufferEncoding }
  }
  export default macaroons
}
