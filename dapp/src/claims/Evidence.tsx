import { cidOfDigest, type Hex } from '@colophon/sdk'
import type { EvidenceManifest, EvidenceVerification, WaczEntry } from '@colophon/sdk/evidence'
import { type ReactNode, useState } from 'react'
import { useWorks } from '../catalogue/index.ts'
import { useLoad } from '../chain/index.ts'
import { Button, Check, Cross } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { Archive } from './Archive.tsx'
import { claimsMessages } from './messages.ts'

const MOST_ARCHIVE_BYTES = 64 << 20

/** What a claim rests on: read by its hash, hashed again, and shown as text alone. */
export function Evidence({ digest }: { digest: Hex }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { reader } = useWorks()
  const loaded = useLoad(
    async (signal) => {
      const [{ decodeManifest }, bytes] = await Promise.all([
        import('@colophon/sdk/evidence'),
        reader.get(cidOfDigest(digest), { signal }).catch(() => undefined),
      ])
      if (bytes === undefined) return undefined
      try {
        return { bytes, manifest: decodeManifest(bytes).manifest }
      } catch {
        return { bytes, manifest: undefined }
      }
    },
    [digest, reader],
  )
  return (
    <section className="sheet stack">
      <h2>{texts.evidence}</h2>
      <p className="small">
        {texts.evidenceDigest}: <Hash value={digest} label={texts.evidenceDigest} />
      </p>
      {loaded.status === 'loading' && loaded.value === undefined && <Loading />}
      {loaded.status === 'ready' && loaded.value === undefined && <p className="notice">{texts.noManifest}</p>}
      {loaded.value !== undefined && loaded.value.manifest === undefined && (
        <>
          <p>{texts.otherEvidence}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre className="claim-text" tabIndex={0}>
            {new TextDecoder().decode(loaded.value.bytes.slice(0, 4000))}
          </pre>
        </>
      )}
      {loaded.value?.manifest !== undefined && <Manifest manifest={loaded.value.manifest} bytes={loaded.value.bytes} />}
    </section>
  )
}

interface Checked {
  verification: EvidenceVerification
  archive: Uint8Array<ArrayBuffer>
  /** Empty when the archive is another. */
  entries: WaczEntry[]
}

function Manifest({ manifest, bytes }: { manifest: EvidenceManifest; bytes: Uint8Array }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { reader } = useWorks()
  const [asked, setAsked] = useState(false)
  const checked = useLoad<Checked | undefined>(
    async (signal) => {
      if (!asked) return undefined
      const { readWacz, verifyEvidence } = await import('@colophon/sdk/evidence')
      const archive = new Uint8Array(await reader.get(manifest.archive.cid, { signal, limit: MOST_ARCHIVE_BYTES }))
      const verification = await verifyEvidence({ manifest: bytes, archive })
      // What is not the archive that was filed is not shown as if it were.
      return { verification, archive, entries: verification.verdict === 'refuted' ? [] : readWacz(archive) }
    },
    [asked, manifest],
  )
  return (
    <>
      <ManifestFacts manifest={manifest} />
      {checked.value === undefined && checked.status !== 'failed' && (
        <div>
          <Button compact isDisabled={asked} onPress={() => setAsked(true)}>
            {texts.checkArchive}
          </Button>
        </div>
      )}
      {checked.status === 'failed' && <ErrorNotice error={checked.error!} onRetry={checked.reload} />}
      {checked.value !== undefined && <Checks verification={checked.value.verification} />}
      {checked.value !== undefined && checked.value.entries.length > 0 && (
        <Archive entries={checked.value.entries} archive={checked.value.archive} manifest={manifest} />
      )}
    </>
  )
}

/** A captured page in a few lines. The address is text: what it led to may be gone, or worse. */
export function ManifestFacts({ manifest }: { manifest: EvidenceManifest }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { moment } = useFormats()
  const matches = manifest.media.filter(({ match }) => match !== undefined)
  return (
    <dl className="facts">
      <dt>{texts.page}</dt>
      <dd>
        <code>{manifest.finalUrl}</code>
      </dd>
      {manifest.title !== '' && (
        <>
          <dt>{texts.pageTitle}</dt>
          <dd>{manifest.title}</dd>
        </>
      )}
      <dt>{texts.captured}</dt>
      <dd>{moment(Date.parse(manifest.capturedAt) / 1000)}</dd>
      <dt>{texts.archive}</dt>
      <dd>
        <code>{manifest.archive.cid}</code>
      </dd>
      {matches.length > 0 && (
        <>
          <dt>{texts.found}</dt>
          <dd>
            {matches.map(({ url, match }) => (
              <p key={url} lang="en">
                {match!.explanation}
              </p>
            ))}
          </dd>
        </>
      )}
    </dl>
  )
}

export function Checks({ verification }: { verification: EvidenceVerification }): ReactNode {
  const texts = useMessages(claimsMessages)
  return (
    <div className="stack" role="status">
      {verification.verdict === 'verified' && <p className="notice good">{texts.verifiedEvidence}</p>}
      {verification.verdict === 'refuted' && <p className="notice bad">{texts.refutedEvidence}</p>}
      {verification.verdict === 'incomplete' && <p className="notice">{texts.noArchive}</p>}
      <ul className="small" aria-label={texts.checks}>
        {verification.checks.map(({ name, status, explanation }) => (
          <li key={name} className="row">
            {status === 'ok' ? <Check /> : status === 'failed' ? <Cross /> : <span aria-hidden="true">–</span>}
            <strong>{texts[`check_${name}`]}</strong>
            <span lang="en">{explanation}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
