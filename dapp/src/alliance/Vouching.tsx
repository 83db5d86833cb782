import type { Level, WriteOptions } from '@colophon/sdk'
import { ColophonError } from '@colophon/sdk/errors'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { AddressField, addressIn, Party, useRecipientFault } from '../citation/index.ts'
import { Button, Select } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { download } from '../saving/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { allianceMessages } from './messages.ts'
import { forgetSalt, type KeptSalt, keepSalt, keptSalts, saltFile } from './salts.ts'

const LEVELS = ['low', 'substantial', 'high'] as const

/** A verifier's own part: whom one vouches for, the salts that are kept for them, and one more. */
export function Vouching({ verifier }: { verifier: string }): ReactNode {
  // Of the salts, which are no state of React's.
  const [kept, setKept] = useState(0)
  return (
    <>
      <Vouched verifier={verifier} kept={kept} onForgotten={() => setKept((before) => before + 1)} />
      <Attest verifier={verifier} onKept={() => setKept((before) => before + 1)} />
    </>
  )
}

function saveSalt(salt: KeptSalt): void {
  download(saltFile(salt), 'application/json', JSON.stringify(salt, null, 2))
}

function Vouched({ verifier, kept, onForgotten }: { verifier: string; kept: number; onForgotten(): void }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, settings, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      const attested = await colophon.events.list({ contract: 'IdentityRegistry', event: 'Attested', where: { verifier } }, { signal })
      const subjects = [...new Set(attested.map(({ values }) => values.subject))]
      const levels = await Promise.all(subjects.map((subject) => colophon.identity.levelBy(verifier, subject)))
      return {
        claims: new Set<string>(attested.map(({ values }) => values.claim)),
        now: subjects.map((subject, index) => ({ subject, level: levels[index]! })).filter(({ level }) => level !== 'none'),
      }
    },
    [verifier, deployment, revision, kept],
  )
  const salts = keptSalts(settings.chainId, verifier)
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  return (
    <>
      {salts.length > 0 && (
        <section className="sheet stack" data-salts={salts.length}>
          <h2>{texts.salts}</h2>
          <p className="quiet">{texts.saltsAbout}</p>
          <ul className="ledger">
            {salts.map((salt) => (
              <li key={salt.claim}>
                <p className="row">
                  <Party account={salt.subject} />
                  <span className="tag">{texts[`level_${salt.level}`]}</span>
                  {loaded.value !== undefined &&
                    (loaded.value.claims.has(salt.claim) ? (
                      <span className="tag good">{texts.onChain}</span>
                    ) : (
                      <span className="tag warn">{texts.notOnChain}</span>
                    ))}
                </p>
                <div className="row">
                  <Button compact onPress={() => saveSalt(salt)}>
                    {texts.saveSalt}
                  </Button>
                  <Button
                    compact
                    look="plain"
                    onPress={() => {
                      forgetSalt(salt)
                      onForgotten()
                    }}
                  >
                    {texts.forgetSalt}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {loaded.value !== undefined && loaded.value.now.length > 0 && (
        <section className="sheet stack">
          <h2>{texts.youVouch}</h2>
          <ul className="ledger">
            {loaded.value.now.map(({ subject, level }) => (
              <li key={subject} data-vouched={subject}>
                <p className="row">
                  <Party account={subject} />
                  <span className="tag good">{texts[`level_${level}`]}</span>
                </p>
                <div className="row">
                  <Action
                    compact
                    look="danger"
                    label={texts.revoke}
                    title={texts.revokeTitle}
                    contract="IdentityRegistry"
                    facts={() => [
                      { name: texts.account, value: <Party account={subject} /> },
                      { name: texts.level, value: texts[`level_${level}`] },
                    ]}
                    run={(options) => colophon.identity.revoke({ subject }, options)}
                    done={texts.revoked}
                  >
                    <p className="notice">{texts.revokeAbout}</p>
                  </Action>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Attest({ verifier, onKept }: { verifier: string; onKept(): void }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, settings } = useChain()
  const faultOf = useRecipientFault()
  const [subject, setSubject] = useState('')
  const [level, setLevel] = useState<Exclude<Level, 'none'>>('substantial')
  const [file, setFile] = useState<File>()
  const [tried, setTried] = useState(false)
  const faults = { subject: faultOf(subject), credential: file === undefined ? texts.credentialFault : undefined }

  const attest = async (options: WriteOptions): Promise<KeptSalt> => {
    const { credentialClaim } = await import('@colophon/sdk/identity')
    const account = addressIn(subject)!
    const drawn = credentialClaim(account, new Uint8Array(await file!.arrayBuffer()))
    const salt: KeptSalt = {
      ...{ type: 'colophon-credential-salt', version: 1, chainId: settings.chainId, verifier },
      ...{ subject: account, level, ...drawn },
    }
    try {
      await colophon.identity.attest(
        { subject: account, level, claim: salt.claim },
        {
          ...options,
          onProgress: (progress) => {
            // Before the wallet is asked, and after the chain said that it would take it.
            if (progress.stage === 'send') keepSalt(salt)
            options.onProgress?.(progress)
          },
        },
      )
    } catch (fault) {
      // Nothing was sent, so nothing needs the salt. Of anything else it is not known.
      if (fault instanceof ColophonError && fault.code === 'USER_REJECTED') forgetSalt(salt)
      throw fault
    } finally {
      onKept()
    }
    return salt
  }

  return (
    <section className="sheet stack">
      <h2>{texts.attest}</h2>
      <p className="quiet">{texts.attestAbout}</p>
      <div className="form-grid">
        <AddressField label={texts.account} value={subject} onChange={setSubject} fault={tried ? faults.subject : undefined} />
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
            { name: texts.account, value: <code>{addressIn(subject)}</code> },
            { name: texts.level, value: texts[`level_${level}`] },
            { name: texts.file, value: file?.name },
          ]}
          run={attest}
          onDone={saveSalt}
          done={texts.attested}
        />
      </div>
    </section>
  )
}
