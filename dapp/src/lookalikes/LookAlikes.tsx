import type { Layer, Match } from '@colophon/sdk/fingerprint'
import { type ReactNode, useMemo } from 'react'
import { useDocuments, useWorks } from '../catalogue/index.ts'
import { Progress } from '../design/index.ts'
import type { LookAlike } from '../fingerprinting/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf } from '../routing/router.ts'
import { ErrorNotice } from '../states/index.tsx'
import { explain } from './explain.ts'
import { lookAlikeMessages } from './messages.ts'
import type { LookAlikesState } from './useLookAlikes.ts'
import './lookalikes.css'

/** What was found, in words that need no knowledge of fingerprints; the figures are behind a fold. */
export function LookAlikes({ state }: { state: LookAlikesState }): ReactNode {
  const texts = useMessages(lookAlikeMessages)
  const { status, found, candidates, error, share } = state
  if (status === 'idle') return null
  if (status === 'running') return <Progress label={texts.looking} share={share} />
  if (status === 'failed' && error !== undefined) return <ErrorNotice error={error} />
  const compared = candidates?.known.length ?? 0
  const limits = (
    <>
      {candidates !== undefined && candidates.unreadable > 0 && <p className="small">{texts.unreadable(candidates.unreadable)}</p>}
      {candidates !== undefined && candidates.total > compared + candidates.unreadable && (
        <p className="small">{texts.nearest(compared, candidates.total)}</p>
      )}
    </>
  )
  if (found.length === 0)
    return (
      <div className="notice good" role="status" data-lookalikes="0">
        <p className="head">{texts.none}</p>
        <p>{texts.noneAbout(compared)}</p>
        {limits}
      </div>
    )
  return (
    <section className="stack" data-lookalikes={found.length}>
      <div className="notice warn" role="status">
        <p className="head">{texts.found(found.length)}</p>
        <p>{texts.foundAbout}</p>
        {limits}
      </div>
      <Found found={found} />
    </section>
  )
}

function Found({ found }: { found: LookAlike[] }): ReactNode {
  const texts = useMessages(lookAlikeMessages)
  const { catalogue } = useWorks()
  const works = catalogue.value
  const entries = useMemo(() => found.flatMap(({ id }) => works?.byId.get(id as never) ?? []), [found, works])
  const documents = useDocuments(entries)
  return (
    <ul className="look-alikes">
      {found.map(({ id, match }) => {
        const entry = works?.byId.get(id)
        const state = entry === undefined ? undefined : documents.get(entry.metadata)
        const document = state?.status === 'ready' ? state.document : undefined
        if (match.verdict === 'different') return null
        return (
          <li key={id} className="sheet look-alike">
            {entry !== undefined && <Mark bits={entry.fingerprint} type={entry.fingerprintType} />}
            <div className="stack">
              <p>
                <span className={`tag ${match.verdict === 'similar' ? 'warn' : 'bad'}`}>{texts[match.verdict]}</span>
              </p>
              <p className="look-alike-title">
                <a href={hrefOf('work', id)}>{document?.title ?? texts.untitled}</a>
              </p>
              <p className="quiet">{document?.creators.map(({ name }) => name).join(', ')}</p>
              <p>{texts[`${match.verdict}About`]}</p>
              {match.verdict !== 'identical' && <Why match={match} />}
              {match.layers.length > 0 && (
                <details>
                  <summary>{texts.measured}</summary>
                  <Layers layers={match.layers} />
                </details>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}

/** What was measured, said in sentences. */
function Why({ match }: { match: Match }): ReactNode {
  const texts = useMessages(lookAlikeMessages)
  const figures = useFormats()
  const sentences = explain(match, texts, figures)
  if (sentences.length === 0) return null
  return (
    <ul className="small look-alike-why" aria-label={texts.why}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

function Layers({ layers }: { layers: Layer[] }): ReactNode {
  const texts = useMessages(lookAlikeMessages)
  const { number, percent } = useFormats()
  const shown = ({ unit }: Layer, value: number): string =>
    unit === 'equal'
      ? value === 1
        ? texts.yes
        : texts.no
      : unit === 'bits'
        ? texts.bits(value)
        : unit === 'share' || unit === 'error-rate'
          ? percent(value)
          : number(Math.round(value * 100) / 100)
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{texts.layer}</th>
            <th scope="col">{texts.value}</th>
            <th scope="col">{texts.threshold}</th>
            <th scope="col">{texts.speaks}</th>
          </tr>
        </thead>
        <tbody>
          {layers.map((layer) => (
            <tr key={layer.name}>
              <th scope="row">{texts[layer.name]}</th>
              <td>{shown(layer, layer.value)}</td>
              <td>
                {layer.unit === 'equal'
                  ? shown(layer, 1)
                  : layer.unit === 'bits' || layer.unit === 'error-rate'
                    ? texts.most(shown(layer, layer.threshold))
                    : texts.least(shown(layer, layer.threshold))}
              </td>
              <td>{layer.speaksForCopy ? texts.yes : texts.no}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
