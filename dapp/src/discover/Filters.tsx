import { memo, type ReactNode } from 'react'
import { Select, TextField } from '../design/index.ts'
import { fileMessages } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import type { Filter } from './filter.ts'
import { discoverMessages } from './messages.ts'

interface FiltersProps {
  filter: Filter
  /** Whether somebody is there whose own works can be asked for. */
  connected: boolean
  onChange(change: Partial<Filter>): void
}

/** What is looked for; drawn again only when that is another. */
export const Filters: (props: FiltersProps) => ReactNode = memo(function Filters({ filter, connected, onChange }: FiltersProps) {
  const texts = useMessages(discoverMessages)
  const kinds = useMessages(fileMessages)
  return (
    <div className="filters">
      <TextField label={texts.search} placeholder={texts.searchHint} value={filter.text} onChange={(text) => onChange({ text })} />
      <Select
        label={texts.kind}
        value={filter.kind}
        onChange={(kind) => onChange({ kind })}
        options={[
          { id: 'all', name: texts.all },
          { id: 'image', name: kinds.image },
          { id: 'audio', name: kinds.audio },
          { id: 'video', name: kinds.video },
          { id: 'text', name: kinds.text },
          { id: 'data', name: kinds.data },
        ]}
      />
      <Select
        label={texts.standing}
        value={filter.standing}
        onChange={(standing) => onChange({ standing })}
        options={[
          { id: 'any', name: texts.anyStanding },
          { id: 'offered', name: texts.offered },
          { id: 'disputed', name: texts.disputed },
          { id: 'refuted', name: texts.refuted },
          ...(connected ? [{ id: 'mine' as const, name: texts.mine }] : []),
        ]}
      />
      <Select
        label={texts.order}
        value={filter.order}
        onChange={(order) => onChange({ order })}
        options={[
          { id: 'newest', name: texts.newest },
          { id: 'oldest', name: texts.oldest },
          { id: 'title', name: texts.byTitle },
        ]}
      />
    </div>
  )
})
