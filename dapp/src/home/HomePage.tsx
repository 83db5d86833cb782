import { type ReactNode, useEffect, useMemo } from 'react'
import { useWorks } from '../catalogue/index.ts'
import { WorkCard } from '../discover/WorkCard.tsx'
import { handOver } from '../files/handover.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { hrefOf, navigate } from '../routing/router.ts'
import { homeMessages } from './messages.ts'

const SHOWN = 6

export default function HomePage(): ReactNode {
  const texts = useMessages(homeMessages)
  return (
    <>
      <section className="hero">
        <div className="page-head">
          <h1>{texts.headline}</h1>
          <p>{texts.about}</p>
        </div>
        <FileDrop
          title={texts.drop}
          onFiles={([file]) => {
            handOver(file!)
            navigate(hrefOf('deposit'))
          }}
        />
      </section>
      <Latest />
      <ul className="doors">
        {(['verify', 'discover', 'batch'] as const).map((page) => (
          <li key={page}>
            <a href={hrefOf(page)}>
              <h2>{texts[page]}</h2>
              <p>{texts[`${page}About`]}</p>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

function Latest(): ReactNode {
  const texts = useMessages(homeMessages)
  const { catalogue, documents } = useWorks()
  const works = catalogue.value
  const entries = useMemo(() => works?.entries.slice(0, SHOWN) ?? [], [works])
  useEffect(() => documents.want(entries.map(({ metadata }) => metadata)), [documents, entries])
  if (entries.length === 0) return null
  return (
    <section className="stack">
      <div className="row">
        <h2>{texts.recent}</h2>
        <a href={hrefOf('discover')}>{texts.all}</a>
      </div>
      <ul className="latest">
        {entries.map((entry) => (
          <li key={entry.id}>
            <WorkCard entry={entry} standing={works} />
          </li>
        ))}
      </ul>
    </section>
  )
}
