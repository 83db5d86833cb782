import { type ReactNode, useCallback, useDeferredValue, useMemo, useState } from 'react'
import { type Entry, useDocuments, useWorks } from '../catalogue/index.ts'
import { Button, LinkButton, PageHead } from '../design/index.ts'
import { FileDrop, FingerprintProgress } from '../files/index.ts'
import { useFingerprint } from '../fingerprinting/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { LookAlikes, useLookAlikes } from '../lookalikes/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { useWallet } from '../wallet/index.ts'
import { Filters } from './Filters.tsx'
import { type Filter, filterWorks, NO_FILTER } from './filter.ts'
import { discoverMessages } from './messages.ts'
import { WorkGrid } from './WorkGrid.tsx'

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

const NONE: readonly Entry[] = []

function Works(): ReactNode {
  const texts = useMessages(discoverMessages)
  const { number } = useFormats()
  const account = useWallet().connected?.account
  const { catalogue } = useWorks()
  const [filter, setFilter] = useState<Filter>(NO_FILTER)
  const change = useCallback((part: Partial<Filter>) => setFilter((before) => ({ ...before, ...part })), [])
  const works = catalogue.value
  const settled = useDeferredValue(filter)
  // Words and titles need every document; otherwise the grid asks for those in sight.
  const needed = settled.text !== '' || settled.order === 'title'
  const documents = useDocuments(needed ? (works?.entries ?? NONE) : NONE)
  const version = needed ? documents.version() : 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: documents that came may fit
  const found = useMemo(
    () => (works === undefined ? NONE : filterWorks(works, settled, account, (entry) => documents.get(entry.metadata))),
    [works, settled, account, documents, version],
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
  return (
    <section className="stack" aria-label={texts.list}>
      <Filters filter={filter} connected={account !== undefined} onChange={change} />
      <p className="quiet small" role="status">
        {texts.results(number(found.length), number(works.entries.length))}
      </p>
      {found.length === 0 ? (
        <Empty title={texts.noneTitle}>
          <p>{texts.noneAbout}</p>
        </Empty>
      ) : (
        <WorkGrid entries={found} standing={works} />
      )}
    </section>
  )
}
