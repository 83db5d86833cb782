import { type ReactNode, useCallback, useDeferredValue, useMemo, useState } from 'react'
import { type Entry, useDocuments, useWorks } from '../catalogue/index.ts'
import { useChain } from '../chain/index.ts'
import { Button, LinkButton, PageHead, Select, TextField } from '../design/index.ts'
import { FileDrop, FingerprintProgress, fileMessages } from '../files/index.ts'
import { useFingerprint } from '../fingerprinting/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { LookAlikes, useLookAlikes } from '../lookalikes/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { type Filter, filterWorks, NO_FILTER } from './filter.ts'
import { discoverMessages } from './messages.ts'
import { WorkGrid } from './WorkGrid.tsx'
import './discover.css'

export default function DiscoverPage(): ReactNode {
  const texts = useMessages(discoverMessages)
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      <SearchByFile />
      <Works />
    </>
  )
}

function SearchByFile(): ReactNode {
  const texts = useMessages(discoverMessages)
  const control = useFingerprint()
  const lookAlikes = useLookAlikes(control.fingerprint)
  return (
    <section className="stack" aria-label={texts.byFile}>
      {control.status === 'idle' && (
        <FileDrop title={texts.byFile} about={texts.byFileAbout} onFiles={([file]) => void control.start(file!)} />
      )}
      {control.status === 'running' && <FingerprintProgress control={control} />}
      {control.status === 'failed' && <ErrorNotice error={control.error!} />}
      <LookAlikes state={lookAlikes} />
      {(control.status === 'done' || control.status === 'failed') && (
        <div>
          <Button onPress={control.cancel}>{texts.another}</Button>
        </div>
      )}
    </section>
  )
}

const NONE: Entry[] = []

function Works(): ReactNode {
  const texts = useMessages(discoverMessages)
  const { number } = useFormats()
  const kinds = useMessages(fileMessages)
  const { account } = useChain()
  const { catalogue } = useWorks()
  const [filter, setFilter] = useState<Filter>(NO_FILTER)
  const [shown, setShown] = useState<Entry[]>(NONE)
  const works = catalogue.value
  // Words and titles need every document; otherwise those in sight are enough.
  const wanted = filter.text !== '' || filter.order === 'title' ? (works?.entries ?? NONE) : shown
  const documents = useDocuments(wanted)
  const version = documents.version()
  const stateOf = useCallback((entry: Entry) => documents.get(entry.metadata), [documents])
  const settled = useDeferredValue(filter)
  // biome-ignore lint/correctness/useExhaustiveDependencies: documents that came may fit
  const found = useMemo(
    () => (works === undefined ? NONE : filterWorks(works, settled, account, stateOf)),
    [works, settled, account, stateOf, settled.text !== '' || settled.order === 'title' ? version : 0],
  )
  if (works === undefined)
    return catalogue.status === 'failed' ? <ErrorNotice error={catalogue.error!} onRetry={catalogue.reload} /> : <Loading />
  if (works.entries.length === 0)
    return (
      <Empty title={texts.emptyTitle}>
        <p>{texts.emptyAbout}</p>
        <LinkButton look="primary" href={hrefOf('deposit')}>
          {texts.deposit}
        </LinkButton>
      </Empty>
    )
  const set =
    <Name extends keyof Filter>(name: Name) =>
    (value: Filter[Name]) =>
      setFilter((before) => ({ ...before, [name]: value }))
  return (
    <section className="stack" aria-label={texts.list}>
      <div className="filters">
        <TextField label={texts.search} placeholder={texts.searchHint} value={filter.text} onChange={set('text')} />
        <Select
          label={texts.kind}
          value={filter.kind}
          onChange={set('kind')}
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
          onChange={set('standing')}
          options={[
            { id: 'any', name: texts.anyStanding },
            { id: 'offered', name: texts.offered },
            { id: 'disputed', name: texts.disputed },
            { id: 'refuted', name: texts.refuted },
            ...(account === undefined ? [] : [{ id: 'mine' as const, name: texts.mine }]),
          ]}
        />
        <Select
          label={texts.order}
          value={filter.order}
          onChange={set('order')}
          options={[
            { id: 'newest', name: texts.newest },
            { id: 'oldest', name: texts.oldest },
            { id: 'title', name: texts.byTitle },
          ]}
        />
      </div>
      <p className="quiet small" role="status">
        {texts.results(number(found.length), number(works.entries.length))}
      </p>
      {found.length === 0 ? (
        <Empty title={texts.noneTitle}>
          <p>{texts.noneAbout}</p>
        </Empty>
      ) : (
        <WorkGrid entries={found} standing={works} stateOf={stateOf} onShown={setShown} />
      )}
    </section>
  )
}
