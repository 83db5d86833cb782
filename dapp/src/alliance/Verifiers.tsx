import type { ReactNode } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { allianceMessages } from './messages.ts'
import { Vouching } from './Vouching.tsx'

/** Who vouches for whom. */
export function Verifiers(): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, account, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      if (deployment?.contracts.IdentityRegistry === undefined) return { verifiers: [], isVerifier: false }
      const [members, attested] = await Promise.all([
        colophon.alliance.members({ signal }),
        colophon.events.list({ contract: 'IdentityRegistry', event: 'Attested' }, { signal }),
      ])
      const verifiers = members
        .filter(({ roles, suspended }) => roles.includes('verifier') && !suspended)
        .map((member) => ({
          account: member.account,
          subjects: new Set(attested.filter(({ values }) => values.verifier === member.account).map(({ values }) => values.subject)).size,
        }))
      return { verifiers, isVerifier: account === undefined ? false : await colophon.identity.isVerifier(account) }
    },
    [account, deployment, revision],
  )
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  const { verifiers, isVerifier } = loaded.value
  return (
    <>
      <p className="quiet">{texts.verifiersAbout}</p>
      {verifiers.length === 0 && <Empty title={texts.noVerifiers} />}
      <ul className="sheets">
        {verifiers.map(({ account: verifier, subjects }) => (
          <li key={verifier} className="sheet">
            <Party account={verifier} />
            <p className="small quiet">
              {texts.vouched}: {texts.accounts(subjects)}
            </p>
          </li>
        ))}
      </ul>
      {account !== undefined && <OwnLevel account={account} />}
      {isVerifier && account !== undefined && <Vouching verifier={account} />}
    </>
  )
}

function OwnLevel({ account }: { account: string }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, provider, revision } = useChain()
  const { date } = useFormats()
  const loaded = useLoad(async () => {
    const [level, history, latest] = await Promise.all([
      colophon.identity.levelAt(account),
      colophon.identity.history(account),
      provider.getBlock('latest'),
    ])
    return { level, history, now: latest!.timestamp * 1000 }
  }, [account, deployment, provider, revision])
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (loaded.value === undefined) return null
  const { level, history, now } = loaded.value
  return (
    <section className="sheet stack">
      <h2>{texts.yourLevel}</h2>
      <p>
        <span className={level === 'none' ? 'tag' : 'tag good'}>{texts[`level_${level}`]}</span>
      </p>
      {history.map((period) => (
        <div key={`${period.verifier}-${period.from.getTime()}`} className="stack" data-period={period.verifier}>
          <dl className="facts">
            <dt>{texts.by}</dt>
            <dd>
              <Party account={period.verifier} />
            </dd>
            <dt>{texts.level}</dt>
            <dd>{texts[`level_${period.level}`]}</dd>
            <dt>{texts.from}</dt>
            <dd>{date(period.from.getTime() / 1000)}</dd>
            <dt>{texts.until}</dt>
            <dd>{date(period.until.getTime() / 1000)}</dd>
          </dl>
          {period.from.getTime() <= now && now < period.until.getTime() && (
            <div className="row">
              <Action
                compact
                look="danger"
                label={texts.renounce}
                title={texts.renounceTitle}
                contract="IdentityRegistry"
                facts={() => [
                  { name: texts.by, value: <Party account={period.verifier} /> },
                  { name: texts.level, value: texts[`level_${period.level}`] },
                ]}
                run={(options) => colophon.identity.renounce({ verifier: period.verifier }, options)}
                done={texts.renounced}
              >
                <p className="notice">{texts.renounceAbout}</p>
              </Action>
            </div>
          )}
        </div>
      ))}
    </section>
  )
}
