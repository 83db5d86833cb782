import type { Hex } from '@colophon/sdk'
import type { ReactNode } from 'react'
import { useChain, useLoad } from '../chain/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { OfferSummary, openedOffers } from '../offers/index.ts'
import { ErrorNotice, Loading } from '../states/index.tsx'
import { workMessages } from './messages.ts'

/** Licenses of a work: those on offer on the chain, and those sold. */
export function WorkLicenses({ workId }: { workId: Hex }): ReactNode {
  const texts = useMessages(workMessages)
  const { date } = useFormats()
  const { colophon, deployment, provider, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      const now = (await provider.getBlock('latest'))!.timestamp
      const [{ readOffer }, offers, sold] = await Promise.all([
        import('@colophon/sdk/licenses'),
        openedOffers(colophon, deployment, { workId, now }, signal),
        colophon.licenses.listByWork(workId, { signal }),
      ])
      return { offers: offers.filter(({ open }) => open).map(({ offer, sold: count }) => ({ read: readOffer(offer), count })), sold }
    },
    [workId, deployment, provider, revision],
  )
  const found = loaded.value
  return (
    <section className="sheet stack work-licenses">
      <h2>{texts.licenses}</h2>
      {loaded.status === 'loading' && found === undefined && <Loading />}
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />}
      {found?.offers.length === 0 && <p className="quiet">{texts.noLicenses}</p>}
      {found !== undefined && (
        <ul className="stack">
          {found.offers.map(({ read, count }) => (
            <li key={read.id}>
              <OfferSummary offer={read} sold={count} />
            </li>
          ))}
        </ul>
      )}
      {found !== undefined && found.sold.length > 0 && (
        <>
          <h3>{texts.licensesSold}</h3>
          <ul className="stack small">
            {found.sold.map((license) => (
              <li key={license.licenseId}>
                <span className={license.inForce ? 'tag good' : 'tag'}>{license.inForce ? texts.inForce : texts.ended}</span>{' '}
                {license.until !== undefined && `${texts.until} ${date(license.until.getTime() / 1000)}`}
                <br />
                {texts.owner} <code>{license.owner}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
