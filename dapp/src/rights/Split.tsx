import type { Hex, SplitRecord } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { AddressField, addressIn, Citation, Party, useRecipientFault } from '../citation/index.ts'
import { Button, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ErrorNotice, Loading } from '../states/index.tsx'
import { rightsMessages } from './messages.ts'
import { equalShares, MOST_PAYEES, percentOf, shareIn, WHOLE } from './shares.ts'
import './rights.css'

/** Who is paid for a work, and for whoever holds the rights the way to change it. Nothing where nobody else is paid and nobody may change it. */
export function Split({ workId, holder }: { workId: Hex; holder: string }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon, deployment, account, revision } = useChain()
  /** The split that is being changed: once there is another, that is done. */
  const [edited, setEdited] = useState<string>()
  const loaded = useLoad(async () => {
    if (deployment?.contracts.RevenueSplitter === undefined) return undefined
    return await colophon.revenue.splitOf(workId)
  }, [workId, deployment, revision])
  const mayChange = account === holder
  const split = loaded.value
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (split === undefined) return mayChange && loaded.status === 'loading' ? <Loading /> : null
  if (!split.isSet && !mayChange) return null
  return (
    <section className="sheet stack work-split">
      <h2>{texts.split}</h2>
      <p className="quiet small">{split.isSet ? texts.splitAbout : texts.noSplit}</p>
      <ul className="payees">
        {split.payees.map(({ account: payee, share }) => (
          <li key={payee}>
            <Party account={payee} />
            <strong>{percentOf(share)} %</strong>
            <span className="payee-bar" aria-hidden="true" style={{ inlineSize: `${share / 10_000}%` }} />
          </li>
        ))}
      </ul>
      {mayChange && edited !== split.split && (
        <div className="row">
          <Button onPress={() => setEdited(split.split)}>{texts.changeSplit}</Button>
        </div>
      )}
      {mayChange && edited === split.split && <SplitEditor key={split.split} split={split} onEnd={() => setEdited(undefined)} />}
    </section>
  )
}

interface Row {
  key: number
  account: string
  percent: string
}

function SplitEditor({ split, onEnd }: { split: SplitRecord; onEnd(): void }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon, account } = useChain()
  const faultOf = useRecipientFault()
  const [rows, setRows] = useState<Row[]>(() =>
    split.payees.map(({ account: payee, share }, key) => ({ key, account: payee, percent: percentOf(share) })),
  )
  const [tried, setTried] = useState(false)
  const change = (key: number, part: Partial<Row>): void =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const addresses = rows.map((row) => addressIn(row.account))
  const shares = rows.map((row) => shareIn(row.percent))
  const faults = rows.map((row, index) => {
    const twice = addresses[index] !== undefined && addresses.indexOf(addresses[index]) < index
    return {
      account: twice ? texts.payeeTwice : faultOf(row.account, true),
      percent: shares[index] === undefined ? texts.shareFault : undefined,
    }
  })
  const sum = shares.reduce<number>((total, share) => total + (share ?? 0), 0)
  const whole = sum === WHOLE
  const good = whole && faults.every((fault) => fault.account === undefined && fault.percent === undefined)
  return (
    <div className="stack split-editor">
      <p className="notice">{texts.changeSplitAbout}</p>
      <ol className="payee-rows">
        {rows.map((row, index) => (
          <li key={row.key}>
            <AddressField
              label={texts.payee(index + 1)}
              value={row.account}
              onChange={(value) => change(row.key, { account: value })}
              fault={tried ? faults[index]!.account : undefined}
            />
            <TextField
              label={texts.share}
              value={row.percent}
              onChange={(percent) => change(row.key, { percent })}
              inputMode="decimal"
              fault={tried ? faults[index]!.percent : undefined}
            />
            <Button
              compact
              look="plain"
              isDisabled={rows.length === 1}
              aria-label={texts.removePayee(index + 1)}
              onPress={() => setRows((before) => before.filter(({ key }) => key !== row.key))}
            >
              {texts.remove}
            </Button>
          </li>
        ))}
      </ol>
      <div className="row">
        <Button
          compact
          isDisabled={rows.length === MOST_PAYEES}
          onPress={() => setRows((before) => [...before, { key: Math.max(...before.map(({ key }) => key)) + 1, account: '', percent: '' }])}
        >
          {texts.addPayee}
        </Button>
        <Button
          compact
          onPress={() => {
            const equal = equalShares(rows.length)
            setRows((before) => before.map((row, index) => ({ ...row, percent: equal[index]! })))
          }}
        >
          {texts.equal}
        </Button>
        <span className="small quiet">{texts.payeesOf(rows.length, MOST_PAYEES)}</span>
      </div>
      <p role="status" className={whole && !shares.includes(undefined) ? 'notice good' : 'notice warn'} data-sum={sum}>
        {whole
          ? texts.sumWhole
          : sum < WHOLE
            ? texts.sumLess(percentOf(sum), percentOf(WHOLE - sum))
            : texts.sumMore(percentOf(sum), percentOf(sum - WHOLE))}
      </p>
      {good && account !== undefined && !addresses.includes(account) && <p className="notice warn">{texts.notAmong}</p>}
      <div className="row">
        <Action
          look="primary"
          label={texts.setSplit}
          title={texts.setSplitTitle}
          contract="RevenueSplitter"
          prepare={() => {
            setTried(true)
            return good
          }}
          facts={() => [
            { name: texts.work, value: <Citation workId={split.workId} size={40} /> },
            {
              name: texts.payees,
              value: (
                <ul className="stack">
                  {addresses.map((payee, index) => (
                    <li key={rows[index]!.key}>
                      <strong>{percentOf(shares[index]!)} %</strong> <Party account={payee!} />
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
          run={(options) =>
            colophon.revenue.setSplit(
              { workId: split.workId, payees: addresses.map((payee, index) => ({ account: payee!, percent: shares[index]! / 10_000 })) },
              options,
            )
          }
          done={texts.splitSet}
        />
        <Button onPress={onEnd}>{texts.leave}</Button>
      </div>
    </div>
  )
}
