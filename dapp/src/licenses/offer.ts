import type { Deployment, SignedOffer } from '@colophon/sdk'
import { type OfferRead, parseOffer, readOffer } from '@colophon/sdk/licenses'
import type { Chain } from '../chain/index.ts'
import { openedOffers } from '../offers/index.ts'

/** An offer that can be shown and taken. */
export interface ShownOffer {
  signed: SignedOffer
  read: OfferRead
  sold: number
  open: boolean
}

/** Every offer that was opened on the chain, newest first. */
export async function readOffers(
  { colophon, deployment, provider }: Pick<Chain, 'colophon' | 'provider'> & { deployment: Deployment | undefined },
  signal: AbortSignal,
): Promise<ShownOffer[]> {
  const now = (await provider.getBlock('latest'))!.timestamp
  const found = await openedOffers(colophon, deployment, { now }, signal)
  return found.map(({ offer, sold, open }) => ({ signed: offer, read: readOffer(offer), sold, open }))
}

/** An offer from a file, with what the chain knows of it. */
export async function readGiven(text: string, { colophon, provider }: Pick<Chain, 'colophon' | 'provider'>): Promise<ShownOffer> {
  const signed = parseOffer(text)
  const [{ sold, cancelled }, latest] = await Promise.all([colophon.licenses.offerState(signed.id), provider.getBlock('latest')])
  const open = !cancelled && sold < signed.value.supply && signed.value.closesAt >= latest!.timestamp
  return { signed, read: readOffer(signed), sold, open }
}
