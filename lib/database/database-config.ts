/** Which database the service uses. */
export type DatabaseConfig =
  /** A file, or `:memory:`. */
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string }
