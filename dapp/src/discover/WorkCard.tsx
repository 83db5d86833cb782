import { memo, type ReactNode } from 'react'
import { type Catalogue, type Entry, useDocument } from '../catalogue/index.ts'
import { fileMessages, mediaName } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf } from '../routing/router.ts'
import { discoverMessages } from './messages.ts'

interface WorkCardProps {
  entry: Entry
  standing: Catalogue | undefined
}

/** A work in a grid; drawn again when its own document comes, and not for those of others. */
export const WorkCard: (props: WorkCardProps) => ReactNode = memo(function WorkCard({ entry, standing }: WorkCardProps) {
  const texts = useMessages(discoverMessages)
  const kinds = useMessages(fileMessages)
  const state = useDocument(entry)
  const document = state?.status === 'ready' ? state.document : undefined
  const creators = document?.creators.map(({ name }) => name).join(', ')
  return (
    <a className="work-card" href={hrefOf('work', entry.id)}>
      <Mark bits={entry.fingerprint} type={entry.fingerprintType} />
      <span className="work-title" {...(document?.language === undefined ? {} : { lang: document.language })}>
        {document?.title ?? (state?.status === 'loading' ? '…' : texts.noDocument)}
      </span>
      <span className="work-by">{creators ?? `${entry.claimant.slice(0, 8)}…${entry.claimant.slice(-6)}`}</span>
      <span className="work-tags">
        <span className="tag">{kinds[mediaName(entry.fingerprintType)]}</span>
        {/* The gravest alone: more do not fit a phone. */}
        {standing?.refuted.has(entry.id) === true ? (
          <span className="tag bad">{texts.refuted}</span>
        ) : standing?.disputed.has(entry.id) === true ? (
          <span className="tag warn">{texts.disputed}</span>
        ) : (
          standing?.offered.has(entry.id) === true && <span className="tag good">{texts.offered}</span>
        )}
      </span>
    </a>
  )
})
