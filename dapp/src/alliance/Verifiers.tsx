import type { Level } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { Select, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { download } from '../saving/index.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { allianceMessages } from './messages.ts'

const ADDRESS = /^0x[0-9a-f]{40}$/i
const LEVELS = ['low', 'substantial', 'high'] as const

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
      {isVerifier && <Attest />}
    </>
  )
}

function OwnLevel({ account }: { account: string }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, revision } = useChain()
  const { date } = useFormats()
  const loaded = useLoad(async () => {
    const [level, history] = await Promise.all([colophon.identity.levelAt(account), colophon.identity.history(account)])
    return { level, history }
  }, [account, deployment, revision])
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (loaded.value === undefined) return null
  const { level, history } = loaded.value
  return (
    <section className="sheet stack">
      <h2>{texts.yourLevel}</h2>
      <p>
        <span className={level === 'none' ? 'tag' : 'tag good'}>{texts[`level_${level}`]}</span>
      </p>
      {history.map((period) => (
        <dl key={`${period.verifier}-${period.from.getTime()}`} className="facts">
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
      ))}
    </section>
  )
}

function Attest(): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon } = useChain()
  const [subject, setSubject] = useState('')
  const [level, setLevel] = useState<Exclude<Level, 'none'>>('substantial')
  const [file, setFile] = useState<File>()
  const [tried, setTried] = useState(false)
  const faults = {
    subject: ADDRESS.test(subject.trim()) ? undefined : texts.addressFault,
    credential: file === undefined ? texts.credentialFault : undefined,
  }
  return (
    <section className="sheet stack">
      <h2>{texts.attest}</h2>
      <p className="quiet">{texts.attestAbout}</p>
      <div className="form-grid">
        <TextField
          label={texts.account}
          mono
          value={subject}
          onChange={setSubject}
          fault={tried ? faults.subject : undefined}
          autoComplete="off"
        />
        <Select
          label={texts.level}
          options={LEVELS.map((id) => ({ id, name: texts[`level_${id}`] }))}
          value={level}
          onChange={(id) => setLevel(id as typeof level)}
        />
      </div>
      <FileDrop title={texts.credential} about={file?.name ?? texts.credentialAbout} onFiles={([given]) => setFile(given)} />
      {tried && faults.credential !== undefined && (
        <p className="notice bad" role="alert">
          {faults.credential}
        </p>
      )}
      <div className="row">
        <Action
          look="primary"
          label={texts.attest}
          title={texts.attestTitle}
          contract="IdentityRegistry"
          prepare={() => {
            setTried(true)
            return Object.values(faults).every((fault) => fault === undefined)
          }}
          facts={() => [
            { name: texts.account, value: <code>{subject.trim()}</code> },
            { name: texts.level, value: texts[`level_${level}`] },
            { name: texts.file, value: file?.name },
          ]}
          run={async (options) => {
            const { credentialClaim } = await import('@colophon/sdk/identity')
            const account = subject.trim()
            const { claim, salt } = credentialClaim(account, new Uint8Array(await file!.arrayBuffer()))
            await colophon.identity.attest({ subject: account, level, claim }, options)
            return { type: 'colophon-credential-salt', version: 1, subject: account, level, claim, salt }
          }}
          onDone={(kept) => download(`credential-${subject.trim().slice(2, 10)}.json`, 'application/json', JSON.stringify(kept, null, 2))}
          done={texts.attested}
        />
      </div>
    </section>
  )
}
