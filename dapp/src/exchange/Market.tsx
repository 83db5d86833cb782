import { parseOrder } from '@colophon/sdk/exchange'
import { type ReactNode, useEffect, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { Button } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { AmountField, ExactAmount, parseAmount, useMoney } from '../money/index.ts'
import { hrefOf, navigate, useRoute } from '../routing/router.ts'
import { ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { asError } from '../transaction/index.ts'
import { type Goods, type KnownOrder, type OpenedAuction, readAuctions, readOrders } from './market.ts'
import { exchangeMessages } from './messages.ts'
import { forgetOrder, keepOrder, textToOrder } from './orders.ts'
import { ShareOrder } from './ShareOrder.tsx'

/** What is for sale: auctions from the chain, signed offers from this browser. */
export function Market(): ReactNode {
  return (
    <>
      <Held />
      <Auctions />
      <Orders />
    </>
  )
}

function Auctions(): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, deployment, provider, revision } = useChain()
  const loaded = useLoad((signal) => readAuctions({ colophon, deployment, provider }, signal), [deployment, provider, revision])
  return (
    <section className="stack">
      <h2>{texts.auctions}</h2>
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />}
      {loaded.value === undefined && loaded.status === 'loading' && <Loading />}
      {loaded.value?.length === 0 && <p className="quiet">{texts.noAuctions}</p>}
      {loaded.value !== undefined && (
        <ul className="sheets">
          {loaded.value.map((auction) => (
            <AuctionSheet key={auction.signed.id} auction={auction} />
          ))}
        </ul>
      )}
    </section>
  )
}

function GoodsLine({ goods }: { goods: Goods }): ReactNode {
  const texts = useMessages(exchangeMessages)
  return (
    <>
      <Citation workId={goods.workId} />
      <p className="row small">
        <span className="tag">{goods.isLicense ? texts.license : texts.title}</span>
        {!goods.isLicense && <span className="quiet">{texts.titleAbout}</span>}
      </p>
      {goods.isLicense && (
        <p className="small">
          <Hash value={goods.tokenId} label={texts.license} />
        </p>
      )}
    </>
  )
}

function AuctionSheet({ auction }: { auction: OpenedAuction }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, account } = useChain()
  const { moment, percent } = useFormats()
  const { format } = useMoney()
  const { signed, record } = auction
  const { value } = signed
  const running = record.leastBid !== undefined
  const ended = record.phase === 'open' && !running
  return (
    <li className="sheet" data-auction={signed.id}>
      <GoodsLine goods={auction} />
      <p className="price">{format(record.bidder === undefined ? BigInt(value.reserve) : record.bid.amount, record.bid.currency)}</p>
      <dl className="facts">
        <dt>{record.bidder === undefined ? texts.reserve : texts.bidder}</dt>
        <dd>{record.bidder === undefined ? texts.noBids : <Party account={record.bidder} />}</dd>
        <dt>{running ? texts.ends : texts.ended}</dt>
        <dd>
          {moment(record.endsAt.getTime() / 1000)} {!running && <span className="tag">{texts[`phase_${record.phase}`]}</span>}
        </dd>
        <dt>{texts.step}</dt>
        <dd>{percent(value.stepBps / 10_000)}</dd>
        <dt>{texts.seller}</dt>
        <dd>
          <Party account={value.seller} />
        </dd>
      </dl>
      <div className="row">
        {running && account !== value.seller && <Bid auction={auction} least={record.leastBid!} />}
        {ended && record.bidder !== undefined && (
          <Action
            label={texts.settle}
            contract="RightsExchange"
            facts={() => [
              { name: texts.highest, value: <ExactAmount amount={record.bid.amount} currency={record.bid.currency} /> },
              { name: texts.title, value: <Citation workId={auction.workId} size={40} /> },
            ]}
            run={(options) => colophon.exchange.settle(signed, options)}
            done={texts.settled}
          />
        )}
        {record.phase === 'open' && record.bidder === undefined && account === value.seller && (
          <Action
            compact
            label={texts.closeIt}
            contract="RightsExchange"
            facts={() => [{ name: texts.title, value: <Citation workId={auction.workId} size={40} /> }]}
            run={(options) => colophon.exchange.closeAuction(signed, options)}
            done={texts.closed}
          />
        )}
      </div>
    </li>
  )
}

function Bid({ auction, least }: { auction: OpenedAuction; least: bigint }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon } = useChain()
  const { kindOf, format } = useMoney()
  const { currency } = auction.record.bid
  const kind = kindOf(currency)
  const [typed, setTyped] = useState<string>()
  const text = typed ?? format(least, currency).replace(/ .*$/, '')
  const amount = parseAmount(text, kind.decimals)
  const good = amount !== undefined && amount >= least
  return (
    <Action
      look="primary"
      label={texts.bid}
      title={texts.bidTitle}
      contract="RightsExchange"
      ready={good}
      facts={() => [
        { name: texts.yourBid, value: amount === undefined ? '–' : <ExactAmount amount={amount} currency={currency} /> },
        { name: auction.isLicense ? texts.license : texts.title, value: <Citation workId={auction.workId} size={40} /> },
        { name: texts.seller, value: <Party account={auction.signed.value.seller} /> },
        { name: texts.leastBid, value: format(least, currency) },
      ]}
      run={(options) => colophon.exchange.bid({ auction: auction.signed, amount: amount! }, options)}
      done={texts.bidDone}
    >
      <p className="small">{texts.bidAbout}</p>
      <AmountField
        label={texts.yourBid}
        value={text}
        onChange={setTyped}
        currency={currency}
        fault={good ? undefined : texts.bidFault(format(least, currency))}
      />
    </Action>
  )
}

/** Bids of the account that were outbid. */
function Held(): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, account, revision } = useChain()
  const { kinds, format } = useMoney()
  const loaded = useLoad(
    async () => (account === undefined ? [] : await Promise.all(kinds.map(({ currency }) => colophon.exchange.heldFor(account, currency)))),
    [account, kinds, revision],
  )
  const held = loaded.value?.filter(({ amount }) => amount > 0n) ?? []
  return held.map(({ amount, currency }) => (
    <div key={currency} className="notice">
      <p className="row">
        {texts.held}: <strong>{format(amount, currency)}</strong>
        <Action
          compact
          label={texts.withdraw}
          contract="RightsExchange"
          facts={() => [
            { name: texts.amount, value: <ExactAmount amount={amount} currency={currency} /> },
            { name: texts.you, value: <code>{account}</code> },
          ]}
          run={(options) => colophon.exchange.withdraw({ currency }, options)}
          done={texts.withdrawn}
        />
      </p>
    </div>
  ))
}

function Orders(): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, deployment, provider, settings, revision } = useChain()
  const { query } = useRoute()
  const [turn, setTurn] = useState(0)
  const [fault, setFault] = useState<ReturnType<typeof asError>>()
  const { chainId } = settings
  const given = query.get('order')
  const take = async (text: string): Promise<void> => {
    try {
      keepOrder(chainId, parseOrder(text))
      setFault(undefined)
      setTurn((before) => before + 1)
    } catch (cause) {
      setFault(asError(cause))
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address that brings an order is taken once
  useEffect(() => {
    if (given === null) return
    let text = given
    try {
      text = textToOrder(given)
    } catch {
      // The SDK says what it is not.
    }
    void take(text).then(() => navigate(hrefOf('exchange', undefined, { part: 'market' })))
  }, [given])
  const loaded = useLoad(
    (signal) => readOrders({ colophon, deployment, provider }, chainId, signal),
    [deployment, provider, revision, chainId, turn],
  )
  return (
    <section className="stack">
      <h2>{texts.orders}</h2>
      <p className="quiet">{texts.ordersAbout}</p>
      {fault !== undefined && <ErrorNotice error={fault} />}
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />}
      {loaded.value === undefined && loaded.status === 'loading' && <Loading />}
      {loaded.value?.length === 0 && <p>{texts.noOrders}</p>}
      {loaded.value !== undefined && (
        <ul className="sheets">
          {loaded.value.map((order) => (
            <OrderSheet
              key={order.signed.id}
              order={order}
              onForget={() => {
                forgetOrder(chainId, order.signed.id)
                setTurn((before) => before + 1)
              }}
            />
          ))}
        </ul>
      )}
      <FileDrop
        title={texts.openOrder}
        about={texts.openOrderAbout}
        accept={['application/json', '.json']}
        onFiles={([file]) => void file?.text().then(take)}
      />
    </section>
  )
}

function OrderSheet({ order, onForget }: { order: KnownOrder; onForget(): void }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const { colophon, account } = useChain()
  const { moment } = useFormats()
  const { format } = useMoney()
  const { signed, read, state } = order
  const own = account === read.seller
  const states = { open: '', filled: texts.filled, cancelled: texts.withdrawnTag, expired: texts.expired, moved: texts.moved }
  const goods = { name: order.isLicense ? texts.license : texts.title, value: <Citation workId={order.workId} size={40} /> }
  return (
    <li className="sheet" data-order={signed.id}>
      <GoodsLine goods={order} />
      <p className="price">{format(read.price, read.currency)}</p>
      <dl className="facts">
        <dt>{texts.seller}</dt>
        <dd>
          <Party account={read.seller} />
        </dd>
        {read.buyer !== undefined && (
          <>
            <dt>{texts.onlyFor}</dt>
            <dd>
              <Party account={read.buyer} />
            </dd>
          </>
        )}
        <dt>{texts.goodUntil}</dt>
        <dd>
          {moment(read.expiresAt.getTime() / 1000)} {state !== 'open' && <span className="tag">{states[state]}</span>}
        </dd>
      </dl>
      <div className="row">
        {state === 'open' && !own && (read.buyer === undefined || read.buyer === account) && (
          <Action
            look="primary"
            label={texts.buy}
            title={texts.buyTitle}
            contract="RightsExchange"
            facts={() => [
              { name: texts.price, value: <ExactAmount amount={read.price} currency={read.currency} /> },
              goods,
              { name: texts.seller, value: <Party account={read.seller} /> },
            ]}
            run={(options) => colophon.exchange.fill(signed, options)}
            done={texts.bought}
          />
        )}
        {state === 'open' && own && (
          <>
            <ShareOrder order={signed} />
            <Action
              compact
              look="danger"
              label={texts.cancel}
              title={texts.cancelTitle}
              contract="RightsExchange"
              facts={() => [{ name: texts.price, value: <ExactAmount amount={read.price} currency={read.currency} /> }, goods]}
              run={(options) => colophon.exchange.cancel(signed, options)}
              done={texts.cancelled}
            />
          </>
        )}
        {state !== 'open' && (
          <Button compact onPress={onForget}>
            {texts.forget}
          </Button>
        )}
      </div>
    </li>
  )
}
