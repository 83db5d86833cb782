import { deploymentOn } from '@colophon/sdk'
import { formatEther } from 'ethers'
import { type ReactNode, useEffect, useState } from 'react'
import { Button, Dialog } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { useSettings } from '../settings/context.ts'
import type { Asked } from './devWallet.ts'
import type { ExplainedCall } from './explainCall.ts'
import { walletMessages } from './messages.ts'

/** The dev wallet's question: what is signed, in full. */
export default function DevWalletDialog({ asked, onAnswer }: { asked: Asked; onAnswer(agreed: boolean): void }): ReactNode {
  const texts = useMessages(walletMessages)
  const title = { transaction: texts.askTransaction, typedData: texts.askTyped, message: texts.askMessage }[asked.kind]
  return (
    <Dialog title={title} urgent onClose={() => onAnswer(false)}>
      <p className="quiet small">{texts.askAbout}</p>
      <dl className="facts">
        <dt>{texts.from}</dt>
        <dd>
          <code>{asked.account}</code>
        </dd>
        <Content asked={asked} />
      </dl>
      {asked.kind !== 'transaction' && <p className="small quiet">{texts.costsNothing}</p>}
      <div className="row">
        <Button look="primary" autoFocus onPress={() => onAnswer(true)}>
          {texts.approve}
        </Button>
        <Button onPress={() => onAnswer(false)}>{texts.reject}</Button>
      </div>
    </Dialog>
  )
}

function Content({ asked }: { asked: Asked }): ReactNode {
  const texts = useMessages(walletMessages)
  const settings = useSettings()
  const [call, setCall] = useState<ExplainedCall>()
  const [fields, setFields] = useState<{ name: string; value: string }[]>([])
  useEffect(() => {
    let current = true
    void import('./explainCall.ts').then(({ explainCall, flat }) => {
      if (!current) return
      if (asked.kind === 'transaction') {
        const contracts = settings.contracts ?? deploymentOn(settings.chainId)?.contracts ?? {}
        setCall(explainCall(asked.transaction.to, asked.transaction.data, contracts as Record<string, { address: string }>))
      } else if (asked.kind === 'typedData') setFields(Object.entries(asked.typed.message).flatMap(([name, value]) => flat(name, value)))
    })
    return () => {
      current = false
    }
  }, [asked, settings])

  if (asked.kind === 'message')
    return (
      <>
        <dt>{texts.data}</dt>
        <dd className="mono">{asked.message}</dd>
      </>
    )
  if (asked.kind === 'typedData')
    return (
      <>
        <dt>{texts.domain}</dt>
        <dd>
          {String(asked.typed.domain.name ?? '')}: {asked.typed.primaryType}
          <br />
          <code>{String(asked.typed.domain.verifyingContract ?? '')}</code>
        </dd>
        <Values values={fields} />
      </>
    )
  const { to, value, data } = asked.transaction
  return (
    <>
      <dt>{texts.to}</dt>
      <dd>
        {call?.contract}
        {call !== undefined && <br />}
        <code>{to}</code>
      </dd>
      <dt>{texts.value}</dt>
      <dd>{value === 0n ? texts.nothing : `${formatEther(value)} ${settings.currency}`}</dd>
      {call === undefined ? (
        <>
          <dt>{texts.data}</dt>
          <dd className="mono">{data}</dd>
        </>
      ) : (
        <>
          <dt>{texts.calls}</dt>
          <dd className="mono">{call.method}</dd>
          <Values values={call.values} />
        </>
      )}
    </>
  )
}

function Values({ values }: { values: { name: string; value: string }[] }): ReactNode {
  return values.map(({ name, value }) => (
    <div key={name} className="value-row">
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  ))
}
