import type { ReactNode } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { allianceMessages } from './messages.ts'

/** Who is in the alliance, and as what. */
export function Members(): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, account, revision } = useChain()
  const { date } = useFormats()
  const loaded = useLoad(
    async (signal) => (deployment?.contracts.CopyrightAlliance === undefined ? [] : await colophon.alliance.members({ signal })),
    [deployment, revision],
  )
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  if (loaded.value.length === 0) return <Empty title={texts.noMembers} />
  const own = loaded.value.some((member) => member.account === account)
  return (
    <>
      {account !== undefined && (
        <p className="row">
          {own ? texts.youAre : texts.youAreNot}
          {own && (
            <Action
              compact
              look="danger"
              label={texts.resign}
              title={texts.resignTitle}
              contract="CopyrightAlliance"
              facts={[]}
              run={(options) => colophon.alliance.resign({}, options)}
              done={texts.resigned}
            />
          )}
        </p>
      )}
      <ul className="sheets">
        {loaded.value.map((member) => (
          <li key={member.account} className="sheet member">
            <Party account={member.account} />
            <p className="row">
              {member.roles.map((role) => (
                <span key={role} className="tag">
                  {texts[`role_${role}`]}
                </span>
              ))}
              {member.suspended && <span className="tag bad">{texts.suspended}</span>}
            </p>
            <p className="small quiet">
              {texts.since} {date(member.joinedAt.getTime() / 1000)}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
