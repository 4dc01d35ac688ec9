import { type L402Settings, readL402 } from '../../../lib/l402/l402-settings.ts'
import { type LightningConfig, readLightning } from '../../../lib/lightning/lightning-settings.ts'
import type { RailModule } from '../../payment/rails.ts'

export interface L402RailSettings extends L402Settings {
  readonly lightning: LightningConfig
}

/** Pays by a Lightning invoice, and proves it by the invoice's preimage. */
const l402: RailModule<L402RailSettings> = {
  readSettings(source) {
    const lightning = readLightning(source)
    return {
      settings: { lightning, ...readL402(source, lightning.kind !== 'off') },
      ...(lightning.kind !== 'off' && { bitcoin: lightning.kind === 'lnd' ? 'real' : 'play' })
    }
  },
  plugin: () => import('./plugin.ts')
}
export default l402
