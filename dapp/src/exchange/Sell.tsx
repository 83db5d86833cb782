import type { Hex, SignedOrder, TokenRef, WriteOptions } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet, signing } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, useOwnWorks, useTitles } from '../citation/index.ts'
import { LinkButton, RadioGroup, Select, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { percent } from '../licenses/draft.ts'
import { AmountField, ExactAmount, parseAmount, useMoney } from '../money/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { asError } from '../transaction/index.ts'
import { exchangeMessages } from './messages.ts'
import { keepOrder } from './orders.ts'
import { ShareOrder } from './ShareOrder.tsx'

const DAY = 86_400
const ADDRESS = /^0x[0-9a-f]{40}$/i

/** Something that the account could sell. */
interface Sellable {
  key: string
  token: TokenRef
  workId: Hex
  isLicense: boolean
  /** A title that is not minted cannot be sold yet. */
  minted: boolean
}

export function Sell(): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, account, revision } = useChain()
  const own = useOwnWorks()
  const loaded = useLoad(
    async (signal) => {
      if (account === undefined || !own.known) return undefined
      const [titles, licenses] = await Promise.all([
        Promise.all(own.works.map((id) => colophon.titles.get(id))),
        colophon.licenses.listByHolder(account, { signal }),
      ])
      const works = titles
        .filter((title) => title !== undefined)
        .map(({ workId, minted }): Sellable => ({ key: `title-${workId}`, token: { title: workId }, workId, isLicense: false, minted }))
      const transferable = licenses
        .filter((license) => license.inForce && license.transferable)
        .map(
          ({ licenseId, workId }): Sellable => ({
            ...{ key: `license-${licenseId}`, token: { license: licenseId }, workId, isLicense: true, minted: true },
          }),
        )
      return [...works, ...transferable]
    },
    [account, own.known, own.works, revision],
  )
  if (account === undefined) return <NeedsWallet />
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (loaded.value === undefined) return <Loading />
  if (loaded.value.length === 0)
    return (
      <Empty title={texts.nothingToSell}>
        <p>{texts.nothingToSellAbout}</p>
        <LinkButton href={hrefOf('deposit')}>{texts.deposit}</LinkButton>
      </Empty>
    )
  return <Form goods={loaded.value} />
}

function Form({ goods }: { goods: readonly Sellable[] }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, provider, settings } = useChain()
  const { kindOf } = useMoney()
  const titleOf = useTitles(goods.map(({ workId }) => workId))
  const [chosen, setChosen] = useState('')
  const [how, setHow] = useState<'fixed' | 'auction'>('fixed')
  const [price, setPrice] = useState('0.5')
  const [currency, setCurrency] = useState('native')
  const [days, setDays] = useState('14')
  const [buyer, setBuyer] = useState('')
  const [tried, setTried] = useState(false)
  const [signed, setSigned] = useState<SignedOrder>()
  const item = goods.find(({ key }) => key === chosen)
  const amount = parseAmount(price, kindOf(currency).decimals)
  const span = /^\d{1,2}$/.test(days) && Number(days) >= 1 && Number(days) <= 90 ? Number(days) : undefined
  const faults = {
    what: item === undefined ? texts.whatFault : undefined,
    price: amount === undefined || amount === 0n ? texts.priceFault : undefined,
    days: span === undefined ? texts.daysFault : undefined,
    buyer: how === 'fixed' && buyer.trim() !== '' && !ADDRESS.test(buyer.trim()) ? texts.addressFault : undefined,
  }
  const shown = (fault: string | undefined): string | undefined => (tried ? fault : undefined)
  const nameOf = ({ isLicense, workId }: Sellable): string =>
    isLicense ? texts.licenseOf(titleOf(workId).title) : texts.titleOf(titleOf(workId).title)

  /** Does it, and where the exchange may not take the token yet, asks for that and does it then. */
  const allowed = async <Result,>({ onProgress }: WriteOptions, write: () => Promise<Result>): Promise<Result> => {
    try {
      return await write()
    } catch (fault) {
      if (asError(fault).code !== 'TOKEN_NOT_APPROVED') throw fault
      const { token } = item!
      const options = onProgress === undefined ? {} : { onProgress }
      if ('title' in token) await colophon.exchange.approveTitle({ title: String(token.title) }, options)
      else await colophon.exchange.approveLicense({ license: token.license as string }, options)
      return await write()
    }
  }
  const write = async (options: WriteOptions): Promise<SignedOrder | undefined> => {
    const now = (await provider.getBlock('latest'))!.timestamp
    const until = now + span! * DAY
    const terms = { token: item!.token, currency }
    if (how === 'auction') {
      await allowed(options, () => colophon.exchange.openAuction({ ...terms, reserve: amount!, endsAt: until }, options))
      return undefined
    }
    const only = buyer.trim() === '' ? {} : { buyer: buyer.trim() }
    return await allowed(options, () =>
      signing(options, () => colophon.exchange.sign({ ...terms, ...only, price: amount!, expiresAt: until })),
    )
  }
  return (
    <div className="split-view">
      <div className="editor">
        <Select
          label={texts.what}
          options={goods.map((each) => ({ id: each.key, name: nameOf(each), about: each.key.slice(0, 24) }))}
          value={chosen}
          onChange={(key) => {
            setChosen(key)
            setSigned(undefined)
          }}
          fault={shown(faults.what)}
        />
        <RadioGroup
          label={texts.how}
          options={[
            { id: 'fixed', name: texts.fixed, about: texts.fixedAbout },
            { id: 'auction', name: texts.auction, about: texts.auctionAbout },
          ]}
          value={how}
          onChange={(id) => setHow(id as typeof how)}
        />
        <div className="form-grid">
          <AmountField
            label={how === 'fixed' ? texts.price : texts.reservePrice}
            value={price}
            onChange={setPrice}
            currency={currency}
            onCurrency={setCurrency}
            fault={shown(faults.price)}
          />
          <TextField label={texts.days} value={days} onChange={setDays} inputMode="numeric" fault={shown(faults.days)} />
        </div>
        {how === 'fixed' && (
          <TextField label={texts.buyerField} mono value={buyer} onChange={setBuyer} fault={shown(faults.buyer)} autoComplete="off" />
        )}
      </div>
      <aside className="sheet stack preview" aria-label={texts.sell}>
        <h2>{item === undefined ? texts.sell : nameOf(item)}</h2>
        {item !== undefined && <Citation workId={item.workId} />}
        <p className="price">{amount === undefined ? '–' : <ExactAmount amount={amount} currency={currency} />}</p>
        {item?.minted === false ? (
          <Mint workId={item.workId} />
        ) : (
          <>
            <p className="small quiet">{texts.approves}</p>
            <div className="row">
              <Action
                key={how}
                look="primary"
                label={how === 'fixed' ? texts.signIt : texts.openIt}
                contract="RightsExchange"
                prepare={() => {
                  setTried(true)
                  return Object.values(faults).every((fault) => fault === undefined)
                }}
                facts={() => [
                  { name: texts.what, value: <Citation workId={item!.workId} size={40} /> },
                  {
                    name: how === 'fixed' ? texts.price : texts.reservePrice,
                    value: <ExactAmount amount={amount!} currency={currency} />,
                  },
                  { name: texts.days, value: String(span) },
                  ...(how === 'fixed' && buyer.trim() !== '' ? [{ name: texts.onlyFor, value: <code>{buyer.trim()}</code> }] : []),
                ]}
                run={write}
                onDone={(order) => {
                  if (order === undefined) return
                  keepOrder(settings.chainId, order)
                  setSigned(order)
                }}
                done={how === 'fixed' ? texts.signed : texts.opened}
              />
              {signed !== undefined && <ShareOrder order={signed} />}
            </div>
          </>
        )}
      </aside>
    </div>
  )
}

function Mint({ workId }: { workId: Hex }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon } = useChain()
  const [royalty, setRoyalty] = useState('5')
  const share = percent(royalty)
  const good = share !== undefined && share <= 10
  return (
    <>
      <p className="notice">{texts.toMint}</p>
      <div className="row">
        <Action
          look="primary"
          label={texts.mint}
          contract="CopyrightTitle"
          ready={good}
          facts={() => [
            { name: texts.what, value: <Citation workId={workId} size={40} /> },
            { name: texts.royalty, value: royalty },
          ]}
          run={(options) => colophon.titles.mint({ workId, royaltyPercent: share! }, options)}
          done={texts.minted}
        >
          <TextField
            label={texts.royalty}
            hint={texts.royaltyAbout}
            value={royalty}
            onChange={setRoyalty}
            inputMode="decimal"
            fault={good ? undefined : texts.royaltyFault}
          />
        </Action>
      </div>
    </>
  )
}
