import type { Hex } from '@colophon/sdk'
import type { EvidenceVerification } from '@colophon/sdk/evidence'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { type Entry, useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, citationMessages, useOwnWorks, WorkSelect } from '../citation/index.ts'
import { Checkbox, LinkButton, RadioGroup, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { hrefOf, useRoute } from '../routing/router.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { publish } from '../store/documents.ts'
import { claimsAt } from './contracts.ts'
import { Checks, ManifestFacts } from './Evidence.tsx'
import { claimsMessages } from './messages.ts'

const ID = /^0x[0-9a-f]{64}$/i
const ADDRESS = /^0x[0-9a-f]{40}$/i

/** Files a claim with evidence that was captured. */
export function FileClaim(): ReactNode {
  const texts = useMessages(citationMessages)
  const { account } = useChain()
  const own = useOwnWorks()
  if (account === undefined) return <NeedsWallet />
  if (own.status === 'loading' && own.works.length === 0) return <Loading />
  if (own.works.length === 0)
    return (
      <Empty title={texts.noWorks}>
        <LinkButton href={hrefOf('deposit')}>{texts.deposit}</LinkButton>
      </Empty>
    )
  return <Form works={own.works} />
}

interface Captured {
  manifest: Uint8Array<ArrayBuffer>
  archive: Uint8Array<ArrayBuffer> | undefined
  verification: EvidenceVerification
}

/** The manifest among the files, and the archive if it is there; undefined when there is no manifest. */
async function readCapture(files: readonly File[]): Promise<Captured | undefined> {
  const { decodeManifest, verifyEvidence } = await import('@colophon/sdk/evidence')
  let manifest: Uint8Array<ArrayBuffer> | undefined
  let archive: Uint8Array<ArrayBuffer> | undefined
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer())
    // A WACZ is a ZIP.
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) archive = bytes
    else
      try {
        decodeManifest(bytes)
        manifest = bytes
      } catch {
        // Another file of the folder.
      }
  }
  if (manifest === undefined) return undefined
  return { manifest, archive, verification: await verifyEvidence({ manifest, ...(archive === undefined ? {} : { archive }) }) }
}

function Form({ works }: { works: readonly Hex[] }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon, deployment, provider, settings } = useChain()
  const { catalogue } = useWorks()
  const { query } = useRoute()
  const [workId, setWorkId] = useState<Hex | ''>('')
  const [files, setFiles] = useState<File[]>()
  const [whom, setWhom] = useState<'deposit' | 'account' | 'unknown'>('deposit')
  const [suspect, setSuspect] = useState(query.get('suspect') ?? '')
  const [respondent, setRespondent] = useState('')
  const [share, setShare] = useState(true)
  const [tried, setTried] = useState(false)
  const [filed, setFiled] = useState<Hex>()
  const captured = useLoad(async () => (files === undefined ? undefined : await readCapture(files)), [files])
  const bond = useLoad(async () => await claimsAt(deployment, provider)?.MIN_BOND(), [deployment, provider])
  const suspectId = suspect.trim().toLowerCase()
  const copy = ID.test(suspectId) ? catalogue.value?.byId.get(suspectId as Hex) : undefined
  const faults = {
    work: workId === '' ? texts.workFault : undefined,
    evidence: captured.value === undefined || captured.value.verification.verdict === 'refuted' ? texts.captureFault : undefined,
    suspect: whom === 'deposit' && copy === undefined ? texts.suspectFault : undefined,
    account: whom === 'account' && !ADDRESS.test(respondent.trim()) ? texts.accountFault : undefined,
  }
  const shown = (fault: string | undefined): string | undefined => (tried ? fault : undefined)

  const publishCapture = async ({ manifest, archive }: Captured): Promise<void> => {
    await publish(settings, {
      put: async (storage) => {
        const cids = [(await storage.put(manifest)).cid]
        if (archive !== undefined) cids.push((await storage.put(archive)).cid)
        return cids
      },
    })
  }
  return (
    <div className="split-view">
      <div className="editor">
        <WorkSelect label={texts.work} works={works} value={workId} onChange={setWorkId} fault={shown(faults.work)} />
        <div className="stack">
          <FileDrop
            title={texts.captureTitle}
            about={texts.captureAbout}
            multiple
            accept={['.json', '.wacz', 'application/json']}
            onFiles={setFiles}
          />
          {captured.status === 'failed' && <ErrorNotice error={captured.error!} />}
          {files !== undefined && captured.status === 'ready' && captured.value === undefined && (
            <p className="notice bad" role="alert">
              {texts.notManifest}
            </p>
          )}
          {shown(faults.evidence) !== undefined && files === undefined && (
            <p className="notice bad" role="alert">
              {faults.evidence}
            </p>
          )}
        </div>
        <RadioGroup
          label={texts.whom}
          options={[
            { id: 'deposit', name: texts.byDeposit, about: texts.byDepositAbout },
            { id: 'account', name: texts.byAccount },
            { id: 'unknown', name: texts.unknown, about: texts.unknownAbout },
          ]}
          value={whom}
          onChange={(id) => setWhom(id as typeof whom)}
        />
        {whom === 'deposit' && (
          <>
            <TextField
              label={texts.suspectId}
              mono
              value={suspect}
              onChange={setSuspect}
              fault={shown(faults.suspect)}
              autoComplete="off"
            />
            {copy !== undefined && <Citation workId={copy.id} />}
          </>
        )}
        {whom === 'account' && (
          <TextField
            label={texts.accountField}
            mono
            value={respondent}
            onChange={setRespondent}
            fault={shown(faults.account)}
            autoComplete="off"
          />
        )}
        <Checkbox isSelected={share} onChange={setShare}>
          {texts.publishEvidence}
        </Checkbox>
      </div>
      <aside className="sheet stack preview" aria-label={texts.evidence}>
        <h2>{texts.evidence}</h2>
        {captured.value === undefined ? (
          <p className="quiet">{texts.captureFault}</p>
        ) : (
          <>
            <ManifestFacts manifest={captured.value.verification.manifest} />
            <Checks verification={captured.value.verification} />
          </>
        )}
        <div className="row">
          <Action
            look="primary"
            label={texts.fileIt}
            title={texts.fileTitle}
            contract="InfringementClaims"
            prepare={() => {
              setTried(true)
              return Object.values(faults).every((fault) => fault === undefined) && bond.value !== undefined
            }}
            facts={() => [
              {
                name: texts.bond,
                value: (
                  <>
                    <ExactAmount amount={bond.value!} currency="native" /> ({texts.bondAbout})
                  </>
                ),
              },
              { name: texts.original, value: <Citation workId={workId as Hex} size={40} /> },
              {
                name: texts.respondent,
                value:
                  whom === 'deposit' ? (
                    <Citation workId={copy!.id} size={40} />
                  ) : whom === 'account' ? (
                    <code>{respondent.trim()}</code>
                  ) : (
                    texts.nobody
                  ),
              },
              {
                name: texts.evidenceDigest,
                value: <Hash value={captured.value!.verification.digest} label={texts.evidenceDigest} />,
              },
            ]}
            run={async (options) => {
              if (share) await publishCapture(captured.value!)
              return await colophon.claims.file(
                {
                  workId: workId as Hex,
                  evidence: captured.value!.verification.digest,
                  ...(whom === 'account' ? { respondent: respondent.trim() } : {}),
                  ...(whom === 'deposit' ? { suspectId: copy!.id, ...comparable(catalogue.value?.byId.get(workId as Hex), copy!) } : {}),
                },
                options,
              )
            }}
            onDone={({ id }) => setFiled(id)}
            done={texts.filed}
          />
          {filed !== undefined && <LinkButton href={hrefOf('claims', filed)}>{texts.seeClaim}</LinkButton>}
        </div>
      </aside>
    </div>
  )
}

/** The copy's fingerprint, where the contract can compare it with the work's: both must be of one kind. */
function comparable(work: Entry | undefined, { fingerprint, fingerprintType }: Entry): { fingerprint?: { type: number; bits: Hex } } {
  if (fingerprintType === 0 || work?.fingerprintType !== fingerprintType) return {}
  return { fingerprint: { type: fingerprintType, bits: fingerprint } }
}
