import type { TitleRecord } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { AddressField, addressIn, Citation, Party, useRecipientFault } from '../citation/index.ts'
import { TextField } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { rightsMessages } from './messages.ts'

/** What whoever holds the rights, or made the deposit, does with the title. Nothing for others. */
export function TitleSteps({ title, claimant }: { title: TitleRecord; claimant: string }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { account } = useChain()
  const holds = account === title.rightsHolder
  const lowers = account === claimant && title.minted && title.royaltyPercent > 0
  if (!holds && !lowers) return null
  return (
    <section className="sheet stack work-title">
      <h2>{texts.yours}</h2>
      <p className="quiet small">{holds ? texts.yoursAbout : texts.royaltyYours}</p>
      {holds && title.refuted && <p className="small">{texts.refutedTitle}</p>}
      <div className="row">
        {holds && !title.minted && !title.refuted && <Mint title={title} />}
        {holds && title.minted && title.frozenUntil === undefined && <HandOver title={title} />}
        {holds && <WithdrawOffers title={title} />}
        {lowers && <LowerRoyalty title={title} />}
      </div>
      {holds && !title.minted && !title.refuted && <p className="small quiet">{texts.notMinted}</p>}
      {holds && title.minted && title.frozenUntil !== undefined && <p className="small">{texts.frozenTitle}</p>}
    </section>
  )
}

/** A royalty in percent with two decimals at most, or undefined. */
function royaltyIn(text: string, most: number): number | undefined {
  if (!/^\d{1,2}([.,]\d{1,2})?$/.test(text.trim())) return undefined
  const percent = Number(text.trim().replace(',', '.'))
  return percent <= most ? percent : undefined
}

const MOST_ROYALTY = 10

function Mint({ title: { workId } }: { title: TitleRecord }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  const [royalty, setRoyalty] = useState('5')
  const percent = royaltyIn(royalty, MOST_ROYALTY)
  return (
    <Action
      label={texts.mint}
      title={texts.mintTitle}
      formFirst
      contract="CopyrightTitle"
      ready={percent !== undefined}
      facts={() => [
        { name: texts.work, value: <Citation workId={workId} size={40} /> },
        { name: texts.royalty, value: percent === undefined ? '–' : `${percent} %` },
      ]}
      run={(options) => colophon.titles.mint({ workId, royaltyPercent: percent! }, options)}
      done={texts.minted}
    >
      <TextField
        label={texts.royalty}
        hint={texts.royaltyHint}
        value={royalty}
        onChange={setRoyalty}
        inputMode="decimal"
        fault={percent === undefined ? texts.royaltyFault(String(MOST_ROYALTY)) : undefined}
      />
    </Action>
  )
}

function HandOver({ title: { workId } }: { title: TitleRecord }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  const faultOf = useRecipientFault()
  const [to, setTo] = useState('')
  const recipient = addressIn(to)
  const fault = faultOf(to)
  return (
    <Action
      look="danger"
      label={texts.handOver}
      title={texts.handOverTitle}
      formFirst
      contract="CopyrightTitle"
      ready={fault === undefined}
      facts={() => [
        { name: texts.newHolder, value: recipient === undefined ? '–' : <Party account={recipient} /> },
        { name: texts.work, value: <Citation workId={workId} size={40} /> },
        { name: texts.workNumber, value: <code>{workId}</code> },
      ]}
      run={(options) => colophon.titles.transfer({ workId, to: recipient! }, options)}
      done={({ to: holder }) => texts.handedOver(holder)}
    >
      <p className="notice warn">{texts.handOverAbout}</p>
      <AddressField label={texts.newHolder} value={to} onChange={setTo} fault={to.trim().length < 42 ? undefined : fault} />
    </Action>
  )
}

function WithdrawOffers({ title: { workId } }: { title: TitleRecord }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  return (
    <Action
      label={texts.withdrawOffers}
      title={texts.withdrawOffersTitle}
      contract="CopyrightTitle"
      facts={() => [{ name: texts.work, value: <Citation workId={workId} size={40} /> }]}
      run={(options) => colophon.titles.withdrawOffers({ workId }, options)}
      done={texts.offersWithdrawn}
    >
      <p className="notice warn">{texts.withdrawOffersAbout}</p>
    </Action>
  )
}

function LowerRoyalty({ title: { workId, royaltyPercent } }: { title: TitleRecord }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  const { number } = useFormats()
  const [royalty, setRoyalty] = useState('')
  const percent = royaltyIn(royalty, royaltyPercent)
  const lower = percent !== undefined && percent < royaltyPercent
  return (
    <Action
      label={texts.lowerRoyalty}
      title={texts.lowerRoyaltyTitle}
      formFirst
      contract="CopyrightTitle"
      ready={lower}
      facts={() => [
        { name: texts.work, value: <Citation workId={workId} size={40} /> },
        { name: texts.royalty, value: `${number(royaltyPercent)} % → ${lower ? `${number(percent)} %` : '–'}` },
      ]}
      run={(options) => colophon.titles.lowerRoyalty({ workId, royaltyPercent: percent! }, options)}
      done={texts.royaltyLowered}
    >
      <p className="notice warn">{texts.lowerRoyaltyAbout}</p>
      <TextField
        label={texts.royalty}
        value={royalty}
        onChange={setRoyalty}
        inputMode="decimal"
        fault={royalty.trim() === '' || lower ? undefined : texts.royaltyBelow(number(royaltyPercent))}
      />
    </Action>
  )
}
