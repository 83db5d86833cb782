import type { OfferRead } from '@colophon/sdk'
import { formatUnits } from 'ethers'
import type { ReactNode } from 'react'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useSettings } from '../settings/context.ts'
import { termsMessages } from './messages.ts'

const DAY = 86_400
/** As the SDK counts them. */
const YEAR = 31_556_952

/** The terms of an offer in a few lines. */
export function OfferSummary({ offer, sold }: { offer: OfferRead; sold: number }): ReactNode {
  const texts = useMessages(termsMessages)
  const { currency } = useSettings()
  const { date, number } = useFormats()
  const duration =
    offer.duration === 'forever'
      ? texts.forever
      : offer.duration % YEAR === 0
        ? texts.years(offer.duration / YEAR)
        : offer.duration % DAY === 0
          ? texts.days(offer.duration / DAY)
          : texts.hours(Math.round(offer.duration / 3600))
  const parts = [
    offer.rights.map((right) => texts[right]).join(', '),
    offer.territories === 'world' ? texts.world : texts.territories(offer.territories.length),
    offer.channels === 'all' ? texts.anyMedium : texts.channels(offer.channels.length),
    duration,
    ...(offer.renewable ? [texts.renewable] : []),
    ...(offer.transferable ? [texts.transferable] : []),
  ]
  return (
    <div className="stack offer-summary">
      <p className="offer-price">
        {offer.price === 0n
          ? texts.free
          : offer.currency === 'native'
            ? `${formatUnits(offer.price, 18)} ${currency}`
            : `${offer.price} · ${offer.currency}`}
      </p>
      <p>{parts.join(' · ')}</p>
      <p className="row small quiet">
        <span className={offer.exclusive ? 'tag warn' : 'tag'}>{offer.exclusive ? texts.exclusive : texts.nonExclusive}</span>
        <span>{texts.left(number(offer.supply - sold), number(offer.supply))}</span>
        <span>{texts.until(date(offer.closesAt.getTime() / 1000))}</span>
      </p>
    </div>
  )
}
