import type { Hex } from '@colophon/sdk'
import { type ReactNode, useMemo } from 'react'
import { type Entry, useDocuments, useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { useTitles } from '../citation/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { Figure } from '../plots/index.ts'
import { DerivativeSteps, readLineages } from '../rights/index.ts'
import { hrefOf } from '../routing/router.ts'
import { ErrorNotice } from '../states/index.tsx'
import { type Derivation, type Kin, kinOf, merged } from './derivations.ts'
import { workMessages } from './messages.ts'

/** Documents of more works are not read only to learn what they were made from. */
const MOST_DOCUMENTS = 400
const NONE: readonly Entry[] = []

/** What a work was made from and what was made from it, as licenses on the chain and the documents say. Nothing where there is neither. */
export function Derivations({ workId, holder }: { workId: Hex; holder: string | undefined }): ReactNode {
  const texts = useMessages(workMessages)
  const { number } = useFormats()
  const { colophon, deployment, account, revision } = useChain()
  const { catalogue } = useWorks()
  const entries = catalogue.value?.entries ?? NONE
  const own = useMemo(() => entries.filter(({ id }) => entries.length <= MOST_DOCUMENTS || id === workId), [entries, workId])
  const documents = useDocuments(own)
  const lineages = useLoad((signal) => readLineages({ colophon, deployment }, signal), [deployment, revision])
  const agreed = [
    ...(lineages.value?.registered ?? []).map((each) => ({ ...each, basis: 'registered' as const })),
    ...(lineages.value?.open ?? []).map((each) => ({ ...each, basis: each.byLicense ? ('license' as const) : ('holder' as const) })),
  ].map(({ parent, child, percent, basis }): Derivation => ({ from: parent, to: child, percent, basis }))
  const said = own.flatMap(({ id, metadata }): Derivation[] => {
    const state = documents.get(metadata)
    if (state?.status !== 'ready') return []
    return (state.document.priorWorks ?? []).flatMap(({ deposit }) =>
      deposit === undefined ? [] : [{ from: deposit.toLowerCase() as Hex, to: id, percent: undefined, basis: 'document' as const }],
    )
  })
  const { kin, links } = kinOf(workId, merged([...agreed, ...said]))
  const titleOf = useTitles(kin.map(({ id }) => id))
  const mine = account !== undefined && account === holder
  if (lineages.status === 'failed') return <ErrorNotice error={lineages.error!} onRetry={lineages.reload} />
  if (links.length === 0 && !mine) return null
  const cite = (id: Hex): ReactNode => (
    <a key={id} href={hrefOf('work', id)}>
      {titleOf(id).title}
    </a>
  )
  return (
    <section className="sheet stack work-derivations">
      <h2>{texts.derivations}</h2>
      {links.length === 0 ? (
        <p className="quiet small">{texts.noDerivations}</p>
      ) : (
        <Figure
          title={texts.derivationsTitle}
          open
          summary={texts.asList}
          table={{
            head: [texts.derived, texts.madeFrom, texts.shareOf],
            rows: links.map(({ from, to, percent = 0, basis }) => [cite(to), cite(from), texts[`basis_${basis}`](number(percent))]),
          }}
          draw={(width) => (
            <Drawing
              width={width}
              label={texts.derivationsTitle}
              own={workId}
              kin={kin}
              links={links}
              titleOf={(id) => titleOf(id).title}
            />
          )}
        />
      )}
      {mine && lineages.value !== undefined && <DerivativeSteps workId={workId} account={account} lineages={lineages.value} />}
    </section>
  )
}

const ROW = 112
const MARK = 52
const TOP = 8

/** Rows from the oldest down; a line goes from each work to what was made from it. */
function Drawing({
  width,
  label,
  own,
  kin,
  links,
  titleOf,
}: {
  width: number
  label: string
  own: Hex
  kin: readonly Kin[]
  links: readonly Derivation[]
  titleOf: (id: Hex) => string
}): ReactNode {
  const { number } = useFormats()
  const { catalogue } = useWorks()
  const rows = [...new Set(kin.map(({ level }) => level))].map((level) => kin.filter((each) => each.level === level))
  const places = new Map<Hex, { x: number; y: number; room: number }>()
  for (const [row, works] of rows.entries())
    for (const [column, { id }] of works.entries())
      places.set(id, { x: ((column + 0.5) / works.length) * width, y: TOP + row * ROW, room: width / works.length })
  const height = TOP + (rows.length - 1) * ROW + MARK + 28
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {links.map(({ from, to, percent, basis }) => {
        const [a, b] = [places.get(from)!, places.get(to)!]
        const [top, bottom] = [a.y + MARK + 24, b.y - 6]
        return (
          <g key={`${from}-${to}`}>
            <path
              className={basis === 'registered' ? 'kin-line registered' : basis === 'document' ? 'kin-line said' : 'kin-line'}
              d={`M${a.x},${top}C${a.x},${(top + bottom) / 2} ${b.x},${(top + bottom) / 2} ${b.x},${bottom}`}
            />
            {percent !== undefined && (
              <text className="plot-label kin-share" x={(a.x + b.x) / 2 + 8} y={(top + bottom) / 2 + 4}>
                {number(percent)} %
              </text>
            )}
          </g>
        )
      })}
      {kin.map(({ id }) => {
        const { x, y, room } = places.get(id)!
        const entry = catalogue.value?.byId.get(id)
        const title = titleOf(id)
        const most = Math.max(4, Math.floor(room / 9))
        return (
          <g key={id}>
            {id === own && <rect className="kin-own" x={x - MARK / 2 - 5} y={y - 5} width={MARK + 10} height={MARK + 10} />}
            <g transform={`translate(${x - MARK / 2} ${y})`}>
              {entry !== undefined && <Mark bits={entry.fingerprint} type={entry.fingerprintType} size={MARK} />}
            </g>
            <text className="plot-name" x={x} y={y + MARK + 18} textAnchor="middle">
              {title.length > most ? `${title.slice(0, most - 1)}…` : title}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
