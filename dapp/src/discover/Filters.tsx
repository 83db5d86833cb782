import { memo, type ReactNode, useMemo } from 'react'
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

/** What is looked for; each field is drawn again only when it is another. */
export const Filters: (props: FiltersProps) => ReactNode = memo(function Filters({ filter, connected, onChange }: FiltersProps) {
  const texts = useMessages(discoverMessages)
  const kinds = useMessages(fileMessages)
  const { text, kind, standing, order } = filter
  const search = useMemo(
    () => <TextField label={texts.search} placeholder={texts.searchHint} value={text} onChange={(typed) => onChange({ text: typed })} />,
    [texts, text, onChange],
  )
  const byKind = useMemo(
    () => (
      <Select
        label={texts.kind}
        value={kind}
        onChange={(chosen) => onChange({ kind: chosen })}
        options={[
          { id: 'all', name: texts.all },
          { id: 'image', name: kinds.image },
          { id: 'audio', name: kinds.audio },
          { id: 'video', name: kinds.video },
          { id: 'text', name: kinds.text },
          { id: 'data', name: kinds.data },
        ]}
      />
    ),
    [texts, kinds, kind, onChange],
  )
  const byStanding = useMemo(
    () => (
      <Select
        label={texts.standing}
        value={standing}
        onChange={(chosen) => onChange({ standing: chosen })}
        options={[
          { id: 'any', name: texts.anyStanding },
          { id: 'offered', name: texts.offered },
          { id: 'disputed', name: texts.disputed },
          { id: 'refuted', name: texts.refuted },
          ...(connected ? [{ id: 'mine' as const, name: texts.mine }] : []),
        ]}
      />
    ),
    [texts, standing, connected, onChange],
  )
  const inOrder = useMemo(
    () => (
      <Select
        label={texts.order}
        value={order}
        onChange={(chosen) => onChange({ order: chosen })}
        options={[
          { id: 'newest', name: texts.newest },
          { id: 'oldest', name: texts.oldest },
          { id: 'title', name: texts.byTitle },
        ]}
      />
    ),
    [texts, order, onChange],
  )
  return (
    <div className="filters">
      {search}
      {byKind}
      {byStanding}
      {inOrder}
    </div>
  )
})
