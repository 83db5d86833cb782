import type { EvidenceManifest, WaczEntry } from '@colophon/sdk/evidence'
import { type ReactNode, useEffect, useMemo } from 'react'
import { Button } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Replay } from '../replay/index.ts'
import { download } from '../saving/index.ts'
import { claimsMessages } from './messages.ts'

/** Pictures that a browser draws and does not run. */
const RASTER = /^image\/(png|jpeg|webp|gif|avif|bmp)\b/i
const MOST_PICTURES = 24
const MOST_REQUESTS = 500
const MOST_TEXT = 20_000

/**
 * What a checked archive holds, shown without running any of it: the page as it looked, its words, its pictures, and every answer with its hash. On demand
 * the page is replayed, elsewhere.
 */
export function Archive({
  entries,
  archive,
  manifest,
}: {
  entries: readonly WaczEntry[]
  archive: Uint8Array<ArrayBuffer>
  manifest: EvidenceManifest
}): ReactNode {
  const texts = useMessages(claimsMessages)
  const { bytes, number } = useFormats()
  const { sha256 } = manifest.archive
  const made = (kind: string): WaczEntry | undefined => entries.find(({ url }) => url.startsWith(`urn:${kind}:`))
  const screenshot = made('screenshot')
  const words = made('text')
  const responses = entries.filter(({ kind }) => kind === 'response')
  const pictures = responses.filter(({ mediaType, body }) => RASTER.test(mediaType) && body.length > 0).slice(0, MOST_PICTURES)
  return (
    <div className="stack" data-archive={responses.length}>
      <div className="row">
        <Button compact onPress={() => download(`evidence-${sha256.slice(2, 12)}.wacz`, 'application/wacz', archive)}>
          {texts.saveArchive}
        </Button>
        <span className="small quiet">{texts.saveArchiveAbout}</span>
      </div>
      <Replay archive={archive} sha256={sha256} url={manifest.finalUrl} capturedAt={manifest.capturedAt} />
      {screenshot !== undefined && (
        <section className="stack">
          <h3>{texts.screenshot}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <section className="archive-screenshot" tabIndex={0} aria-label={texts.screenshot}>
            <Picture entry={screenshot} alt={texts.screenshot} />
          </section>
        </section>
      )}
      {pictures.length > 0 && (
        <section className="stack">
          <h3>{texts.pictures}</h3>
          <ul className="archive-pictures">
            {pictures.map((entry) => (
              <li key={`${entry.url} ${entry.sha256}`}>
                <Picture entry={entry} alt={entry.url} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {words !== undefined && words.body.length > 0 && (
        <section className="stack">
          <h3>{texts.pageWords}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre className="claim-text" tabIndex={0}>
            {new TextDecoder().decode(words.body.subarray(0, MOST_TEXT))}
          </pre>
        </section>
      )}
      <section className="stack">
        <h3>
          {texts.answers}: {number(responses.length)}
        </h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="table-scroll archive-answers" tabIndex={0} aria-label={texts.answers}>
          <table className="table small">
            <caption className="visually-hidden">{texts.answers}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.address}</th>
                <th scope="col">{texts.status}</th>
                <th scope="col">{texts.mediaType}</th>
                <th scope="col">{texts.bytes}</th>
                <th scope="col">SHA-256</th>
              </tr>
            </thead>
            <tbody>
              {responses.slice(0, MOST_REQUESTS).map(({ url, status, mediaType, body, sha256 }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an archive does not change
                <tr key={index}>
                  <td className="archive-address">{url}</td>
                  <td>{status}</td>
                  <td>{mediaType.replace(/;.*$/, '')}</td>
                  <td>{bytes(body.length)}</td>
                  <td>
                    <code>{sha256}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </section>
    </div>
  )
}

function Picture({ entry, alt }: { entry: WaczEntry; alt: string }): ReactNode {
  const type = RASTER.exec(entry.mediaType)?.[0]
  const url = useMemo(() => (type === undefined ? undefined : URL.createObjectURL(new Blob([entry.body], { type }))), [entry, type])
  useEffect(
    () => () => {
      if (url !== undefined) URL.revokeObjectURL(url)
    },
    [url],
  )
  return url === undefined ? null : <img src={url} alt={alt} />
}
