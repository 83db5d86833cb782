import type { SignedAgreement } from '@colophon/sdk'
import { parseAgreement } from '@colophon/sdk/agreements'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { Button } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { currencyOf } from './agreement.ts'
import { agreementsMessages } from './messages.ts'
import { Schedule } from './Schedule.tsx'

/** An agreement from a file, to be brought into force. */
export function Open(): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon, account, deployment, revision } = useChain()
  const [text, setText] = useState<string>()
  const loaded = useLoad(async () => {
    if (text === undefined) return undefined
    const agreement = parseAgreement(text)
    return { agreement, status: await colophon.agreements.status(agreement) }
  }, [text, deployment, revision])
  if (account === undefined) return <NeedsWallet />
  return (
    <>
      {text === undefined && (
        <FileDrop
          title={texts.openTitle}
          about={texts.openAbout}
          accept={['application/json', '.json']}
          onFiles={([file]) => void file?.text().then(setText)}
        />
      )}
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} />}
      {loaded.value !== undefined && (
        <Opened agreement={loaded.value.agreement} inForce={loaded.value.status.state !== 'none'} account={account} />
      )}
      {text !== undefined && (
        <div>
          <Button compact onPress={() => setText(undefined)}>
            {texts.putAway}
          </Button>
        </div>
      )}
    </>
  )
}

function Opened({ agreement, inForce, account }: { agreement: SignedAgreement; inForce: boolean; account: string }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon } = useChain()
  const { value } = agreement
  const currency = currencyOf(agreement)
  const now = BigInt(value.grant.downPayment) + BigInt(value.grant.deposit)
  const party = account === value.licensee || account === value.grant.licensor
  return (
    <section className="sheet stack">
      <Citation workId={value.workId} />
      <dl className="facts">
        <dt>{texts.licensor}</dt>
        <dd>
          <Party account={value.grant.licensor} />
        </dd>
        <dt>{texts.licensee}</dt>
        <dd>
          <Party account={value.licensee} />
        </dd>
        <dt>{texts.downPayment}</dt>
        <dd>
          <ExactAmount amount={BigInt(value.grant.downPayment)} currency={currency} />
        </dd>
        <dt>{texts.deposit}</dt>
        <dd>
          <ExactAmount amount={BigInt(value.grant.deposit)} currency={currency} />
        </dd>
      </dl>
      <Schedule agreement={agreement} />
      {inForce ? (
        <p className="notice good">{texts.already}</p>
      ) : party ? (
        <div className="row">
          <Action
            look="primary"
            label={texts.activate}
            title={texts.activateTitle}
            contract="LicenseAgreements"
            facts={() => [
              { name: texts.payNow, value: <ExactAmount amount={now} currency={currency} /> },
              { name: texts.work, value: <Citation workId={value.workId} size={40} /> },
              { name: texts.licensor, value: <Party account={value.grant.licensor} /> },
              { name: texts.licensee, value: <Party account={value.licensee} /> },
            ]}
            run={(options) => colophon.agreements.activate(agreement, options)}
            done={texts.activated}
          />
        </div>
      ) : (
        <p className="notice warn">{texts.notParty}</p>
      )}
    </section>
  )
}
