/** What each generated client in TypeScript sends, and what it does with what is typed. */
export const workout = {
  athlete_uuid: crypto.randomUUID() as string,
  evaluation_context: 'hypothetical' as const,
  duration_seconds: 60,
  user: { height: { value: 70, unit: 'in' as const }, body_mass: { value: 180, unit: 'lb' as const } },
  splits: [{ duration_seconds: 60, work: { movements: [{ movement: 'pull_up', reps: 20 }] } }]
}

export const baseUrl = process.env.BASE_URL ?? ''

/** Pays an invoice with the development wallet. @returns `Authorization` */
export async function payFor(offer: { macaroon?: string; invoice?: string }): Promise<string> {
  const response = await fetch(`${baseUrl}/dev/lightning/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invoice: offer.invoice })
  })
  const { preimage } = (await response.json()) as { preimage: string }
  return `L402 ${offer.macaroon}:${preimage}`
}

export function told(watts: number, price: string): void {
  if (!(watts > 0)) throw new Error('there is no power in the answer')
  console.log(`bought ${watts.toFixed(1)} W for ${price} US dollars`)
}
