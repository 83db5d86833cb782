import type { ReactNode } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { OfferSummary } from '../offers/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { licensesMessages } from './messages.ts'
import { readOffers } from './offer.ts'

/** Offers that the account opened on the chain. */
export function Offered(): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon, deployment, provider, account, revision } = useChain()
  const offers = useLoad((signal) => readOffers({ colophon, deployment, provider }, signal), [deployment, provider, revision])
  if (account === undefined) return <NeedsWallet />
  if (offers.value === undefined)
    return offers.status === 'failed' ? <ErrorNotice error={offers.error!} onRetry={offers.reload} /> : <Loading label={texts.loading} />
  const own = offers.value.filter(({ read }) => read.seller === account)
  if (own.length === 0)
    return (
      <Empty title={texts.noOwnOffers}>
        <LinkButton href={hrefOf('licenses', undefined, { part: 'offer' })}>{texts.offer}</LinkButton>
      </Empty>
    )
  return (
    <ul className="sheets">
      {own.map(({ signed, read, sold, open }) => (
        <li key={read.id} className="sheet">
          <Citation workId={read.workId} />
          <OfferSummary offer={read} sold={sold} />
          <p className="small">
            {texts.sold}: {sold} {!open && <span className="tag">{texts.closed}</span>}
          </p>
          {open && (
            <div className="row">
              <Action
                look="danger"
                compact
                label={texts.cancel}
                title={texts.cancelTitle}
                contract="LicenseToken"
                facts={() => [
                  { name: texts.work, value: <Citation workId={read.workId} size={40} /> },
                  { name: texts.price, value: <ExactAmount amount={read.price} currency={read.currency} /> },
                  { name: texts.offerId, value: <Hash value={read.id} label={texts.offerId} /> },
                ]}
                run={(options) => colophon.licenses.cancel(signed, options)}
                done={texts.cancelled}
              />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
