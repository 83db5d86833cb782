import type { DepositRecord, Hex, TitleRecord } from '@colophon/sdk'
import type { DepositDocument } from '@colophon/sdk/document'
import { type ReactNode, useMemo } from 'react'
import { type DocumentState, type Entry, useDocuments } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { useTitles } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { fileMessages, mediaName } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { Split, TitleSteps } from '../rights/index.ts'
import { hrefOf, useRoute } from '../routing/router.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { Derivations } from './Derivations.tsx'
import { workMessages } from './messages.ts'
import { Timeline } from './Timeline.tsx'
import { WorkClaims } from './WorkClaims.tsx'
import { WorkLicenses } from './WorkLicenses.tsx'
import { WorkRevenue } from './WorkRevenue.tsx'
import './work.css'

const ID = /^0x[0-9a-f]{64}$/i

export default function WorkPage(): ReactNode {
  const texts = useMessages(workMessages)
  const { argument } = useRoute()
  const { colophon, revision } = useChain()
  const id = argument !== undefined && ID.test(argument) ? (argument.toLowerCase() as Hex) : undefined
  const loaded = useLoad(async () => {
    if (id === undefined) return undefined
    const [record, title] = await Promise.all([colophon.deposits.get(id), colophon.titles.get(id)])
    return record === undefined ? undefined : { record, title }
  }, [id, revision])
  if (loaded.value !== undefined) return <Work {...loaded.value} />
  if (loaded.status === 'loading') return <Loading />
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  return (
    <Empty page title={texts.missing}>
      <p>{texts.missingAbout}</p>
    </Empty>
  )
}

function Work({ record, title }: { record: DepositRecord; title: TitleRecord | undefined }): ReactNode {
  const texts = useMessages(workMessages)
  const kinds = useMessages(fileMessages)
  const { work, id } = record
  const entries = useMemo<Entry[]>(
    () => [{ ...work, id, claimant: record.claimant, block: record.record.block, transaction: record.record.transaction }],
    [work, id, record],
  )
  const state = useDocuments(entries).get(work.metadata)
  const document = state?.status === 'ready' ? state.document : undefined
  return (
    <article className="work">
      <div className="work-plate">
        <Mark bits={work.fingerprint} type={work.fingerprintType} />
      </div>
      <header className="stack">
        <p className="row">
          <span className="tag">{kinds[mediaName(work.fingerprintType)]}</span>
        </p>
        <h1 {...(document?.language === undefined ? {} : { lang: document.language })}>{document?.title ?? texts.title}</h1>
        <p className="work-creators">{document?.creators.map(({ name }) => name).join(', ')}</p>
        {document?.description !== undefined && (
          <p {...(document.language === undefined ? {} : { lang: document.language })}>{document.description}</p>
        )}
        {title?.refuted === true && <p className="notice bad">{texts.refuted}</p>}
        {title?.frozenUntil !== undefined && <p className="notice warn">{texts.frozen}</p>}
        {(state === undefined || state.status === 'missing' || state.status === 'invalid') && <p className="notice">{texts.noDocument}</p>}
        <div className="row">
          <LinkButton href={hrefOf('verify', id)}>{texts.verify}</LinkButton>
        </div>
      </header>
      <div className="work-side">
        <WorkLicenses workId={id} />
        <WorkClaims workId={id} />
      </div>
      <div className="work-main">
        <Facts record={record} title={title} state={state} />
        {title !== undefined && <TitleSteps title={title} claimant={record.claimant} />}
        <WorkRevenue workId={id} />
        {title !== undefined && <Split workId={id} holder={title.rightsHolder} />}
        <Derivations workId={id} holder={title?.rightsHolder} />
        <Timeline workId={id} />
      </div>
    </article>
  )
}

function Facts({
  record,
  title,
  state,
}: {
  record: DepositRecord
  title: TitleRecord | undefined
  state: DocumentState | undefined
}): ReactNode {
  const texts = useMessages(workMessages)
  const { moment, bytes } = useFormats()
  const document = state?.status === 'ready' ? state.document : undefined
  return (
    <section className="sheet work-facts">
      <h2>{texts.facts}</h2>
      <dl className="facts">
        {document !== undefined && <DocumentFacts document={document} />}
        {document !== undefined && (
          <>
            <dt>{texts.file}</dt>
            <dd>
              {document.media.fileName} {document.media.type}, {bytes(document.media.size)}
            </dd>
          </>
        )}
        <dt>{texts.deposited}</dt>
        <dd>{moment(record.depositedAt)}</dd>
        <dt>{texts.claimant}</dt>
        <dd>
          <Hash value={record.claimant} label={texts.claimant} />
        </dd>
        {title !== undefined && title.rightsHolder !== record.claimant && (
          <>
            <dt>{texts.holder}</dt>
            <dd>
              <Hash value={title.rightsHolder} label={texts.holder} />
            </dd>
          </>
        )}
        <dt>{texts.id}</dt>
        <dd>
          <Hash value={record.id} label={texts.id} />
        </dd>
        <dt>{texts.sha256}</dt>
        <dd>
          <Hash value={record.work.contentHash} label={texts.sha256} />
        </dd>
        {document !== undefined && (
          <>
            <dt>{texts.iscc}</dt>
            <dd>
              <Hash value={document.iscc.code} label={texts.iscc} />
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function DocumentFacts({ document }: { document: DepositDocument }): ReactNode {
  const titleOf = useTitles((document.priorWorks ?? []).flatMap(({ deposit }) => (deposit === undefined ? [] : [deposit as Hex])))
  const texts = useMessages(workMessages)
  const ai = {
    none: texts.aiNone,
    assisted: texts.aiAssisted,
    composite: texts.aiComposite,
    generated: texts.aiGenerated,
  }
  const training = { allowed: texts.trainingAllowed, notAllowed: texts.trainingNotAllowed, constrained: texts.trainingConstrained }
  return (
    <>
      <dt>{texts.creators}</dt>
      <dd>{document.creators.map(({ name, role }) => (role === undefined ? name : `${name} (${role})`)).join(', ')}</dd>
      {document.created !== undefined && (
        <>
          <dt>{texts.created}</dt>
          <dd>{document.created}</dd>
        </>
      )}
      {document.firstPublication !== undefined && (
        <>
          <dt>{texts.published}</dt>
          <dd>
            {document.firstPublication.date} {document.firstPublication.country}
          </dd>
        </>
      )}
      {document.keywords !== undefined && (
        <>
          <dt>{texts.keywords}</dt>
          <dd>{document.keywords.join(', ')}</dd>
        </>
      )}
      {document.aiGeneration !== undefined && (
        <>
          <dt>{texts.ai}</dt>
          <dd>{ai[document.aiGeneration]}</dd>
        </>
      )}
      {document.aiTraining !== undefined && (
        <>
          <dt>{texts.training}</dt>
          <dd>{training[document.aiTraining]}</dd>
        </>
      )}
      {document.priorWorks !== undefined && (
        <>
          <dt>{texts.priorWorks}</dt>
          <dd>
            {document.priorWorks.map(({ deposit, title, iscc, url }) =>
              deposit === undefined ? (
                <p key={iscc ?? url ?? title}>{title ?? iscc ?? url}</p>
              ) : (
                <p key={deposit}>
                  <a href={hrefOf('work', deposit)}>{title ?? titleOf(deposit as Hex).title}</a>
                </p>
              ),
            )}
          </dd>
        </>
      )}
    </>
  )
}
