import type { ChainEvent, Colophon, Deployment, Hex, SignedOffer } from '@colophon/sdk'
import { word } from '../catalogue/index.ts'

/** An offer that was opened on the chain, and what became of it. */
export interface OpenedOffer {
  offer: SignedOffer
  /** Licenses sold under it. */
  sold: number
  /** Neither cancelled, nor sold out, nor past its closing time. Whether the seller still holds the rights only `licenses.check` says. */
  open: boolean
}

/** Offers opened on the chain, newest first; of one work, or of all. */
export async function openedOffers(
  { events, licenses }: Colophon,
  deployment: Deployment | undefined,
  { workId, now }: { workId?: Hex; now: number },
  signal?: AbortSignal,
): Promise<OpenedOffer[]> {
  const contract = deployment?.contracts.LicenseToken?.address
  if (deployment === undefined || contract === undefined) return []
  const options = signal === undefined ? {} : { signal }
  const where = workId === undefined ? {} : { where: { workId: BigInt(workId) } }
  const [found, { parseOffer }] = await Promise.all([
    events.list({ contract: 'LicenseToken', event: 'OfferOpened', ...where }, options),
    import('@colophon/sdk/licenses'),
  ])
  // Parsing compares the id with the hash of what was unpacked: a bit misread does not get by.
  const offers = found.reverse().map((event) => parseOffer(documentOf(event, deployment.chainId, contract)))
  return await Promise.all(
    offers.map(async (offer) => {
      const { sold, cancelled } = await licenses.offerState(offer.id)
      return { offer, sold, open: !cancelled && sold < offer.value.supply && offer.value.closesAt >= now }
    }),
  )
}

/** The offer of an event, as a document. The layout of `terms` is that of contracts/types/Terms.sol. */
function documentOf({ values }: ChainEvent<'LicenseToken', 'OfferOpened'>, chainId: number, contract: string): object {
  const terms = BigInt(values.terms)
  const part = (from: number, bits: number): number => Number((terms >> BigInt(from)) & ((1n << BigInt(bits)) - 1n))
  return {
    type: 'colophon-offer',
    version: 1,
    chainId,
    contract,
    id: values.offerId,
    signature: '0x',
    value: {
      workId: word(values.workId),
      seller: values.seller,
      epoch: part(88, 32),
      currency: values.currency,
      price: values.price.toString(),
      duration: part(120, 40),
      closesAt: part(48, 40),
      supply: part(24, 24),
      exclusive: part(232, 1) === 1,
      territories: part(168, 16),
      channels: part(184, 16),
      rights: part(160, 8),
      transferable: part(233, 1) === 1,
      renewable: part(234, 1) === 1,
      resaleBps: part(200, 16),
      derivativeBps: part(216, 16),
      commissionCapPpm: Number(values.commissionCapPpm),
      platform: values.platform,
      document: values.document,
    },
  }
}
