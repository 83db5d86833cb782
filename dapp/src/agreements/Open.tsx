import type { SignedAgreement } from '@colophon/sdk'
import { parseAgreement } from '@colophon/sdk/agreements'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet, signing } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { Button } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { download } from '../saving/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { currencyOf } from './agreement.ts'
import { agreementsMessages } from './messages.ts'
import { Schedule } from './Schedule.tsx'

/** An agreement from a file, to be brought into force. */
export function Open(): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon, account, deployment, revision } = useChain()
  const [text, setText] = useState<string>()
  const loaded = useLoad(
    async (signal) => {
      if (text === undefined) return undefined
      const agreement = parseAgreement(text)
      const [{ state }, withdrawn] = await Promise.all([
        colophon.agreements.status(agreement),
        colophon.events.list({ contract: 'LicenseAgreements', event: 'Withdrawn', where: { id: agreement.id } }, { signal }),
      ])
      const began = state === 'terminated' ? 'over' : 'inForce'
      return { agreement, standing: withdrawn.length > 0 ? 'withdrawn' : state === 'none' ? 'proposed' : began } as const
    },
    [text, deployment, revision],
  )
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
      {loaded.value !== undefined && <Opened agreement={loaded.value.agreement} standing={loaded.value.standing} account={account} />}
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

type Standing = 'proposed' | 'inForce' | 'over' | 'withdrawn'

function Opened({ agreement, standing, account }: { agreement: SignedAgreement; standing: Standing; account: string }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const partiesTo = useParties()
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
      {standing === 'inForce' ? (
        <p className="notice good">{texts.already}</p>
      ) : standing !== 'proposed' ? (
        <p className="notice">{standing === 'over' ? texts.isOver : texts.isWithdrawn}</p>
      ) : party ? (
        <div className="row">
          <Action
            look="primary"
            label={texts.activate}
            title={texts.activateTitle}
            contract="LicenseAgreements"
            facts={() => [{ name: texts.payNow, value: <ExactAmount amount={now} currency={currency} /> }, ...partiesTo(agreement)]}
            run={(options) => colophon.agreements.activate(agreement, options)}
            done={texts.activated}
          />
          {agreement.signer !== account && agreement.countersignature === undefined && <Countersign agreement={agreement} />}
          <Action
            look="danger"
            label={texts.withdrawWord}
            title={texts.withdrawWordTitle}
            contract="LicenseAgreements"
            facts={() => [...partiesTo(agreement), { name: texts.id, value: <code>{agreement.id}</code> }]}
            run={(options) => colophon.agreements.withdraw(agreement, options)}
            done={texts.withdrawnWord}
          >
            <p className="notice warn">{texts.withdrawWordAbout}</p>
          </Action>
        </div>
      ) : (
        <p className="notice warn">{texts.notParty}</p>
      )}
    </section>
  )
}

/** The second signature, for whoever pays to bring it into force. */
function Countersign({ agreement }: { agreement: SignedAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const partiesTo = useParties()
  const { colophon } = useChain()
  return (
    <Action
      label={texts.countersign}
      title={texts.countersignTitle}
      contract="LicenseAgreements"
      facts={() => [...partiesTo(agreement), { name: texts.id, value: <code>{agreement.id}</code> }]}
      run={(options) => signing(options, () => colophon.agreements.sign(agreement))}
      onDone={(signed) => download(`agreement-${signed.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(signed, null, 2))}
      done={texts.countersigned}
    >
      <p className="notice">{texts.countersignAbout}</p>
    </Action>
  )
}

/** What an agreement is about and between whom, as every signature shows it. */
function useParties(): (agreement: SignedAgreement) => { name: string; value: ReactNode }[] {
  const texts = useMessages(agreementsMessages)
  return ({ value }) => [
    { name: texts.work, value: <Citation workId={value.workId} size={40} /> },
    { name: texts.licensor, value: <Party account={value.grant.licensor} /> },
    { name: texts.licensee, value: <Party account={value.licensee} /> },
  ]
}
