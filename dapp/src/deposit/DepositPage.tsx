import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { type ReactNode, useEffect, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button, PageHead } from '../design/index.ts'
import { droppedFile } from '../files/handover.ts'
import { FileDrop, FingerprintProgress } from '../files/index.ts'
import { useFingerprint } from '../fingerprinting/index.ts'
import { useMessages } from '../i18n/index.tsx'
import type { Settings } from '../settings/settings.ts'
import { ErrorNotice, Loading } from '../states/index.tsx'
import { Describe } from './Describe.tsx'
import { Done } from './Done.tsx'
import { defaultsFor } from './description.ts'
import { abandonedDrafts, adoptDraft, type Draft, endDraft, holdDraft, keepDraft, keptDraft, tabDraftId } from './draft.ts'
import { KeptWorks } from './KeptWorks.tsx'
import { depositMessages } from './messages.ts'
import type { Deposited } from './send.ts'
import './deposit.css'

type Stage = { at: 'loading' | 'file' } | { at: 'words'; draft: Draft; resumed: boolean } | { at: 'done'; done: Deposited; draft: Draft }

export default function DepositPage(): ReactNode {
  const texts = useMessages(depositMessages)
  const [id, setId] = useState(tabDraftId)
  const [stage, setStage] = useState<Stage>({ at: 'loading' })

  useEffect(() => holdDraft(id), [id])
  // A reload in the middle: what this tab had begun is there.
  useEffect(() => {
    let current = true
    setStage({ at: 'loading' })
    keptDraft(id)
      .catch(() => undefined)
      .then((draft) => {
        if (current) setStage(draft === undefined ? { at: 'file' } : { at: 'words', draft, resumed: true })
      })
    return () => {
      current = false
    }
  }, [id])

  const startOver = async (): Promise<void> => setId(await endDraft(id))
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      <Steps now={{ loading: 0, file: 0, words: 1, done: 3 }[stage.at]} />
      {stage.at === 'loading' && <Loading />}
      {stage.at === 'file' && (
        <ChooseFile
          draftId={id}
          onDraft={(draft) => setStage({ at: 'words', draft, resumed: false })}
          onAdopt={(other) => setId(adoptDraft(other))}
        />
      )}
      {stage.at === 'words' && (
        <Describe
          key={stage.draft.id}
          first={stage.draft}
          resumed={stage.resumed}
          onDiscard={() => void startOver()}
          onDone={(done, draft) => {
            setStage({ at: 'done', done, draft })
            // What is on the chain is no draft any more; the tab begins anew with its next file.
            void endDraft(draft.id)
          }}
        />
      )}
      {stage.at === 'done' && <Done done={stage.done} draft={stage.draft} onAnother={() => setId(tabDraftId())} />}
      {stage.at !== 'words' && <KeptWorks key={stage.at} />}
    </>
  )
}

function Steps({ now }: { now: number }): ReactNode {
  const texts = useMessages(depositMessages)
  return (
    <ol className="steps" aria-label={texts.steps}>
      {[texts.step1, texts.step2, texts.step3].map((name, index) => (
        <li key={name} className={index < now ? 'past' : ''} {...(index === now ? { 'aria-current': 'step' as const } : {})}>
          {name}
        </li>
      ))}
    </ol>
  )
}

function ChooseFile({ draftId, onDraft, onAdopt }: { draftId: string; onDraft(draft: Draft): void; onAdopt(id: string): void }): ReactNode {
  const texts = useMessages(depositMessages)
  const { settings, account } = useChain()
  const control = useFingerprint()
  const [abandoned, setAbandoned] = useState<Draft[]>([])
  useEffect(() => {
    abandonedDrafts(draftId).then(setAbandoned, () => undefined)
  }, [draftId])

  const begin = async (file: File): Promise<void> => {
    const fingerprint: Fingerprint | undefined = await control.start(file)
    if (fingerprint === undefined) return
    const draft: Draft = { id: draftId, file, fingerprint, form: defaultsFor(file, devName(settings, account)), way: 'direct' }
    // Private windows may refuse to keep anything; then a reload loses the draft, and nothing else.
    await keepDraft(draft).catch(() => undefined)
    onDraft(draft)
  }
  // A file that was dropped on another page came here to be deposited.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    const file = droppedFile()
    if (file !== undefined) void begin(file)
  }, [])

  return (
    <section className="stack">
      {control.status === 'running' ? (
        <FingerprintProgress control={control} />
      ) : (
        <FileDrop title={texts.dropTitle} onFiles={([file]) => void begin(file!)} />
      )}
      {control.status === 'failed' && <ErrorNotice error={control.error!} />}
      {abandoned.length > 0 && control.status !== 'running' && (
        <section className="stack">
          <h2>{texts.abandoned}</h2>
          <ul className="stack">
            {abandoned.map((draft) => (
              <li key={draft.id} className="row">
                <span>{draft.form.title}</span>
                <Button compact onPress={() => onAdopt(draft.id)}>
                  {texts.goOn}
                </Button>
                <Button
                  compact
                  look="plain"
                  onPress={() => {
                    setAbandoned((before) => before.filter(({ id }) => id !== draft.id))
                    void import('../store/database.ts').then(({ forget }) => forget('drafts', draft.id))
                  }}
                >
                  {texts.drop}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </section>
  )
}

/** On a local chain the accounts have names; elsewhere nobody knows who the creator is. */
function devName({ devAccounts }: Settings, account: string | undefined): string | undefined {
  return (devAccounts?.find(({ address }) => address === account) ?? devAccounts?.[0])?.name
}
