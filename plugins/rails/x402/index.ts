import { readX402, type X402Settings } from '../../../lib/x402/x402-settings.ts'
import type { RailModule } from '../../payment/rails.ts'

export type { X402Settings }

/** Pays by a signed transfer of a dollar token, which is settled once there is an answer. */
const x402: RailModule<X402Settings> = {
  readSettings: (source) => ({ settings: readX402(source) }),
  plugin: () => import('./plugin.ts')
}
export default x402
