import type { Hex, LicenseRecord } from '@colophon/sdk'
import { type ReactNode, useMemo, useState } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { AddressField, addressIn, Citation, Party, useOwnWorks, useRecipientFault, useTitles, WorkSelect } from '../citation/index.ts'
import { Button, LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { hrefOf } from '../routing/router.ts'
import { download } from '../saving/index.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { policyOf, Terms, useWords } from '../terms/index.ts'
import { calendarOf } from './calendar.ts'
import { licensesMessages } from './messages.ts'
import { readOffers, type ShownOffer } from './offer.ts'

const DAY = 86_400
/** Days before its end from which a license counts as ending. */
const SOON = 30

/** The account's licenses, those that end soon first. */
export function Mine(): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon, deployment, provider, account, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      if (account === undefined) return undefined
      const [licenses, offers, latest] = await Promise.all([
        colophon.licenses.listByHolder(account, { signal }),
        readOffers({ colophon, deployment, provider }, signal),
        provider.getBlock('latest'),
      ])
      const end = ({ until }: LicenseRecord): number => until?.getTime() ?? Number.POSITIVE_INFINITY
      licenses.sort((a, b) => Number(b.inForce) - Number(a.inForce) || end(a) - end(b))
      return { licenses, offers, now: latest!.timestamp }
    },
    [account, deployment, provider, revision],
  )
  if (account === undefined) return <NeedsWallet />
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  const { licenses, offers, now } = loaded.value
  if (licenses.length === 0)
    return (
      <Empty title={texts.noLicenses}>
        <p>{texts.noLicensesAbout}</p>
        <LinkButton href={hrefOf('licenses', undefined, { part: 'shop' })}>{texts.toShop}</LinkButton>
      </Empty>
    )
  const ending = licenses.filter((license) => license.inForce && daysLeft(license, now) <= SOON)
  return (
    <>
      {ending.length > 0 && (
        <div className="notice warn" role="status">
          <p className="head">{texts.ending(ending.length)}</p>
          <p>{texts.endingAbout}</p>
        </div>
      )}
      <Reminders licenses={licenses.filter(({ inForce, until }) => inForce && until !== undefined)} />
      <ul className="sheets">
        {licenses.map((license) => (
          <LicenseSheet key={license.licenseId} license={license} now={now} offers={offers} />
        ))}
      </ul>
    </>
  )
}

function daysLeft({ until }: LicenseRecord, now: number): number {
  return until === undefined ? Number.POSITIVE_INFINITY : Math.floor((until.getTime() / 1000 - now) / DAY)
}

function Reminders({ licenses }: { licenses: readonly LicenseRecord[] }): ReactNode {
  const texts = useMessages(licensesMessages)
  const ids = useMemo<Hex[]>(() => [...new Set(licenses.map(({ workId }) => workId))], [licenses])
  const titleOf = useTitles(ids)
  if (licenses.length === 0) return null
  return (
    <div className="stack">
      <div className="row">
        <Button
          onPress={() => {
            const reminders = licenses.map(({ licenseId, workId, until }) => ({
              id: licenseId,
              title: texts.calendarTitle(titleOf(workId).title),
              ends: until!,
              about: `${texts.id} ${licenseId}\n${location.origin}${location.pathname}${hrefOf('licenses', undefined, { part: 'mine' })}`,
            }))
            download('licenses.ics', 'text/calendar', calendarOf(reminders, new Date()))
          }}
        >
          {texts.calendar}
        </Button>
        <span className="small quiet">{texts.calendarAbout}</span>
      </div>
    </div>
  )
}

function LicenseSheet({ license, now, offers }: { license: LicenseRecord; now: number; offers: readonly ShownOffer[] }): ReactNode {
  const texts = useMessages(licensesMessages)
  const { date, number } = useFormats()
  const { settings } = useChain()
  const left = daysLeft(license, now)
  const whyKept = !license.transferable
    ? texts.notTransferable
    : !license.inForce
      ? texts.notInForceNow
      : license.resalePercent > 0
        ? texts.onlyExchange(`${number(license.resalePercent)} %`)
        : undefined
  const offer = license.renewable ? offers.find((each) => each.open && renews(each, license)) : undefined
  const terms = { ...license, price: 0n, currency: 'native', supply: 1, closesAt: license.until ?? new Date(8.64e15) }
  return (
    <li className="sheet" data-license={license.licenseId}>
      <Citation workId={license.workId} />
      <p className="row">
        {license.inForce ? (
          <span className="tag good">{texts.inForce}</span>
        ) : (
          <span className="tag bad">{left < 0 ? texts.expired : texts.notInForce}</span>
        )}
        {license.inForce && left <= SOON && <span className="tag warn">{texts.daysLeft(left)}</span>}
        {license.underAgreement && <span className="tag">{texts.underAgreement}</span>}
      </p>
      <dl className="facts">
        <dt>{texts.since}</dt>
        <dd>{date(license.start.getTime() / 1000)}</dd>
        <dt>{texts.until}</dt>
        <dd>{license.until === undefined ? texts.forever : date(license.until.getTime() / 1000)}</dd>
        <dt>{texts.id}</dt>
        <dd>
          <Hash value={license.licenseId} label={texts.id} />
        </dd>
      </dl>
      <details className="offer-terms">
        <summary>{texts.inWords}</summary>
        <Terms terms={license} policy={policyOf(terms, settings.chainId)} />
      </details>
      {whyKept !== undefined && (
        <p className="small quiet">
          {texts.keepsBecause} {whyKept}
        </p>
      )}
      <div className="row">
        {offer !== undefined && <Renew license={license} offer={offer} />}
        {whyKept === undefined && <Transfer license={license} />}
        {license.inForce && license.rights.includes('adapt') && <Adapted license={license} />}
        {license.transferable && license.inForce && (
          <LinkButton compact look="plain" href={hrefOf('exchange', undefined, { part: 'sell' })}>
            {texts.sellIt}
          </LinkButton>
        )}
      </div>
    </li>
  )
}

/** Whether the terms are those that the license was sold with; the contract says for good. */
function renews({ read }: ShownOffer, license: LicenseRecord): boolean {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  return (
    read.workId === license.workId &&
    read.renewable &&
    read.exclusive === license.exclusive &&
    same(read.rights, license.rights) &&
    same(read.territories, license.territories) &&
    same(read.channels, license.channels) &&
    read.transferable === license.transferable
  )
}

function Renew({ license, offer: { signed, read } }: { license: LicenseRecord; offer: ShownOffer }): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon } = useChain()
  const { moment } = useFormats()
  const { span } = useWords()
  return (
    <Action
      label={texts.renew}
      title={texts.renewTitle}
      contract="LicenseToken"
      facts={() => [
        { name: texts.price, value: <ExactAmount amount={read.price} currency={read.currency} /> },
        { name: texts.adds, value: read.duration === 'forever' ? texts.forever : span(read.duration) },
        { name: texts.work, value: <Citation workId={license.workId} size={40} /> },
        { name: texts.id, value: <code>{license.licenseId}</code> },
      ]}
      run={(options) => colophon.licenses.renew({ licenseId: license.licenseId, offer: signed }, options)}
      done={({ until }) => texts.renewed(moment(until.getTime() / 1000))}
    />
  )
}

/** Gives the license to somebody else, with no sale. */
function Transfer({ license }: { license: LicenseRecord }): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon } = useChain()
  const { date } = useFormats()
  const faultOf = useRecipientFault()
  const [to, setTo] = useState('')
  const [tried, setTried] = useState(false)
  const fault = faultOf(to)
  const recipient = addressIn(to)
  return (
    <Action
      label={texts.transfer}
      title={texts.transferTitle}
      formFirst
      contract="LicenseToken"
      ready={fault === undefined}
      facts={() => [
        { name: texts.transferTo, value: recipient === undefined ? '–' : <Party account={recipient} /> },
        { name: texts.work, value: <Citation workId={license.workId} size={40} /> },
        { name: texts.until, value: license.until === undefined ? texts.forever : date(license.until.getTime() / 1000) },
        { name: texts.id, value: <code>{license.licenseId}</code> },
      ]}
      run={(options) => colophon.licenses.transfer({ licenseId: license.licenseId, to: recipient! }, options)}
      done={({ to: owner }) => texts.transferred(owner)}
    >
      <p className="notice">{texts.transferAbout}</p>
      <AddressField
        label={texts.transferTo}
        value={to}
        onChange={(value) => {
          setTo(value)
          setTried(value.trim().length >= 42 || tried)
        }}
        fault={tried ? fault : undefined}
      />
    </Action>
  )
}

/** Agrees, by a license to adapt, that a work of one's own be registered as made from the licensed one. */
function Adapted({ license }: { license: LicenseRecord }): ReactNode {
  const texts = useMessages(licensesMessages)
  const { colophon } = useChain()
  const { number } = useFormats()
  const own = useOwnWorks()
  const [child, setChild] = useState<Hex | ''>('')
  const works = own.works.filter((workId) => workId !== license.workId)
  return (
    <Action
      label={texts.adapted}
      title={texts.adaptedTitle}
      formFirst
      contract="LicenseToken"
      ready={child !== ''}
      facts={() => [
        { name: texts.adaptedFrom, value: <Citation workId={license.workId} size={40} /> },
        { name: texts.adaptedWork, value: child === '' ? '–' : <Citation workId={child} size={40} /> },
        { name: texts.adaptedShare, value: <strong>{number(license.derivativePercent)} %</strong> },
        { name: texts.id, value: <code>{license.licenseId}</code> },
      ]}
      run={(options) => colophon.licenses.authorizeDerivative({ licenseId: license.licenseId, childWorkId: child as Hex }, options)}
      done={({ childWorkId }) => (
        <>
          {texts.adaptedDone} <a href={hrefOf('work', childWorkId)}>{texts.adaptedGo}</a>
        </>
      )}
    >
      <p className="notice">{texts.adaptedAbout}</p>
      {own.known && works.length === 0 ? (
        <p className="notice warn">{texts.adaptedNone}</p>
      ) : (
        <WorkSelect label={texts.adaptedWork} works={works} value={child} onChange={setChild} />
      )}
    </Action>
  )
}
