import { useEffect, useState } from 'preact/hooks'
import type { Ethereum } from './ethereum-wallet.ts'

declare global {
  interface Window {
    /** The EVM wallet that was there first, or took the place. */
    ethereum?: Ethereum
  }
}

/** An EVM wallet of this browser. */
export interface AnnouncedWallet {
  readonly name: string
  readonly wallet: Ethereum
}

/** What a wallet says of itself (EIP-6963). */
interface Announcement {
  readonly info: { readonly uuid: string; readonly name: string }
  readonly provider: Ethereum
}

/** A page that is flooded with wallets shows a few. */
const MOST_WALLETS = 6
const LONGEST_NAME = 40

/** The EVM wallets that announce themselves; where none does, the one at `window.ethereum`. */
export function useEthereumWallets(): readonly AnnouncedWallet[] {
  const [announced, setAnnounced] = useState<ReadonlyMap<string, AnnouncedWallet>>(new Map())
  useEffect(() => {
    const onAnnounce = (event: Event) => {
      const { info, provider } = (event as CustomEvent<Partial<Announcement> | undefined>).detail ?? {}
      if (info === undefined || typeof provider?.request !== 'function') return
      const wallet = { name: String(info.name).slice(0, LONGEST_NAME), wallet: provider }
      setAnnounced((old) => (old.size < MOST_WALLETS ? new Map(old).set(String(info.uuid), wallet) : old))
    }
    addEventListener('eip6963:announceProvider', onAnnounce)
    dispatchEvent(new Event('eip6963:requestProvider'))
    return () => removeEventListener('eip6963:announceProvider', onAnnounce)
  }, [])
  if (announced.size > 0) return [...announced.values()]
  const { ethereum } = window
  return ethereum === undefined ? [] : [{ name: "this browser's wallet", wallet: ethereum }]
}
