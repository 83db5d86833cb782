import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { Button } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { OfferSummary } from '../offers/index.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { policyOf, Terms, useWords } from '../terms/index.ts'
import { licensesMessages } from './messages.ts'
import { readGiven, readOffers, type ShownOffer } from './offer.ts'

/** Licenses that can be bought now. */
export function Shop(): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon, deployment, provider, revision } = useChain()
  const offers = useLoad((signal) => readOffers({ colophon, deployment, provider }, signal), [deployment, provider, revision])
  const [text, setText] = useState<string>()
  const given = useLoad(
    async () => (text === undefined ? undefined : await readGiven(text, { colophon, provider })),
    [text, deployment, revision],
  )
  const open = offers.value?.filter((offer) => offer.open)
  return (
    <>
      {offers.status === 'loading' && offers.value === undefined && <Loading label={texts.loading} />}
      {offers.status === 'failed' && <ErrorNotice error={offers.error!} onRetry={offers.reload} />}
      {open?.length === 0 && (
        <Empty title={texts.noOffers}>
          <p>{texts.noOffersAbout}</p>
        </Empty>
      )}
      {open !== undefined && (
        <ul className="sheets">
          {open.map((offer) => (
            <OfferSheet key={offer.read.id} offer={offer} />
          ))}
        </ul>
      )}
      {text !== undefined && (
        <section className="stack">
          <div className="row">
            <h2>{texts.given}</h2>
            <Button compact onPress={() => setText(undefined)}>
              {texts.close}
            </Button>
          </div>
          {given.status === 'failed' && <ErrorNotice error={given.error!} />}
          {given.value !== undefined && (
            <ul className="sheets">
              <OfferSheet offer={given.value} />
            </ul>
          )}
        </section>
      )}
      <FileDrop
        title={texts.open}
        about={texts.openAbout}
        accept={['application/json', '.json']}
        onFiles={([file]) => void file?.text().then(setText)}
      />
    </>
  )
}

function OfferSheet({ offer: { signed, read, sold, open } }: { offer: ShownOffer }): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon, account, settings } = useChain()
  const { moment, number } = useFormats()
  const { sentences } = useWords()
  const free = read.price === 0n
  return (
    <li className="sheet" data-offer={read.id}>
      <Citation workId={read.workId} />
      <OfferSummary offer={read} sold={sold} />
      <details className="offer-terms">
        <summary>{texts.inWords}</summary>
        <Terms terms={read} policy={policyOf(read, settings.chainId)} />
        <p className="small">
          {texts.seller}: <Party account={read.seller} />
        </p>
      </details>
      <div className="row">
        {account === read.seller ? (
          <p className="small quiet">{texts.ownOffer}</p>
        ) : open ? (
          <Action
            look="primary"
            label={free ? texts.take : texts.buy}
            contract="LicenseToken"
            facts={() => [
              { name: texts.price, value: free ? texts.free : <ExactAmount amount={read.price} currency={read.currency} /> },
              { name: texts.work, value: <Citation workId={read.workId} size={40} /> },
              { name: texts.seller, value: <Party account={read.seller} /> },
              { name: texts.inWords, value: sentences(read).join(' ') },
              { name: texts.leftOf, value: texts.left(number(read.supply - sold), number(read.supply)) },
              { name: texts.closes, value: moment(read.closesAt.getTime() / 1000) },
              ...(read.document === undefined ? [] : [{ name: texts.words, value: <Hash value={read.document} label={texts.words} /> }]),
            ]}
            run={(options) => colophon.licenses.acquire({ offer: signed }, options)}
            done={texts.bought}
          />
        ) : (
          <p className="notice warn">{texts.cannot}</p>
        )}
      </div>
    </li>
  )
}
