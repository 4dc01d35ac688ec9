/** ln-service has no types of its own; this function is the `lightning` package's. */
declare module 'ln-service' {
  export { authenticatedLndGrpc } from 'lightning'
}
