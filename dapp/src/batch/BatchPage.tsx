import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useChain } from '../chain/index.ts'
import { download } from '../deposit/certificate.ts'
import { Button, PageHead, Progress, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { fingerprintFile } from '../fingerprinting/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Hash } from '../states/index.tsx'
import { asError, TransactionPanel, useTransaction } from '../transaction/index.ts'
import { type AnchoredBatch, anchorBatch, earlierBatch, forgetBatch, zipOf } from './anchoring.ts'
import { batchMessages } from './messages.ts'

interface Item {
  key: string
  file: File
  status: 'waiting' | 'running' | 'done' | 'failed'
  fingerprint?: Fingerprint
  /** Why it is left out. */
  reason?: string
}

/** Workers at once: one file's decoding waits for another's. */
const AT_ONCE = 2
/** Lines that are shown of a long list. */
const SHOWN = 200

export default function BatchPage(): ReactNode {
  const texts = useMessages(batchMessages)
  const { colophon, settings, deployment, account, changed, network, wrongWalletChain } = useChain()
  const [items, setItems] = useState<Item[]>([])
  const [creator, setCreator] = useState('')
  const [checked, setChecked] = useState(false)
  const [prepared, setPrepared] = useState<number>()
  const [done, setDone] = useState<AnchoredBatch>()
  const [resumed, setResumed] = useState(false)
  const running = useRef<AbortController>(undefined)
  const { state, busy, run, reset } = useTransaction<AnchoredBatch>()

  useEffect(() => () => running.current?.abort(), [])
  useEffect(() => {
    if (deployment === undefined) return
    earlierBatch(colophon, deployment).then(
      (found) => {
        if (found === undefined) return
        setDone((before) => before ?? found)
        setResumed(true)
      },
      () => undefined,
    )
  }, [colophon, deployment])

  const take = async (files: File[]): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    const list: Item[] = files
      .filter(({ name }) => !name.startsWith('.'))
      .map((file, index) => ({ key: `${index}-${file.name}`, file, status: 'waiting' }))
    setItems(list)
    const seen = new Set<string>()
    const set = (key: string, change: Partial<Item>): void =>
      setItems((before) => before.map((item) => (item.key === key ? { ...item, ...change } : item)))
    const queue = [...list]
    const work = async (): Promise<void> => {
      for (let item = queue.shift(); item !== undefined && !signal.aborted; item = queue.shift()) {
        const { key, file } = item
        set(key, { status: 'running' })
        try {
          const fingerprint = await fingerprintFile(file, { signal })
          if (seen.has(fingerprint.sha256)) set(key, { status: 'failed', reason: texts.duplicate })
          else set(key, { status: 'done', fingerprint })
          seen.add(fingerprint.sha256)
        } catch (fault) {
          if (!signal.aborted) set(key, { status: 'failed', reason: asError(fault).shortMessage })
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }
  const clear = (): void => {
    running.current?.abort()
    reset()
    setItems([])
    setDone(undefined)
    setResumed(false)
    void forgetBatch()
  }
  const ready = items.filter((item) => item.status === 'done')
  const finished = items.filter(({ status }) => status === 'done' || status === 'failed').length
  const send = async (): Promise<void> => {
    setChecked(true)
    if (creator.trim() === '' || account === undefined || deployment === undefined) return
    const works = ready.map(({ file, fingerprint }) => ({ name: file.webkitRelativePath || file.name, fingerprint: fingerprint! }))
    const anchored = await run((options) =>
      anchorBatch({ colophon, settings, deployment, account }, works, creator.trim(), {
        ...options,
        onPrepared: ({ done: count, total }) => setPrepared(count === total ? undefined : count / (total ?? count)),
      }),
    )
    if (anchored === undefined) return
    setDone(anchored)
    changed()
  }

  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      {done !== undefined ? (
        <section className="stack" data-batch={done.receipts.length}>
          {resumed && <p className="notice">{texts.resumed}</p>}
          <div className="notice good" role="status">
            <p className="head">{texts.finished(done.receipts.length)}</p>
            <p>{texts.finishedAbout}</p>
          </div>
          <p>
            {texts.root}: <Hash value={done.root} label={texts.root} />
          </p>
          <div className="row">
            <Button look="primary" onPress={async () => download(await zipOf(done.receipts), `colophon-${done.root.slice(2, 12)}.zip`)}>
              {texts.download}
            </Button>
            <Button look="plain" onPress={clear}>
              {texts.clear}
            </Button>
          </div>
        </section>
      ) : items.length === 0 ? (
        <FileDrop multiple title={texts.drop} onFiles={(files) => void take(files)}>
          <FileTrigger acceptDirectory onSelect={(list) => list !== null && list.length > 0 && void take([...list])}>
            <Button>{texts.folder}</Button>
          </FileTrigger>
        </FileDrop>
      ) : (
        <section className="stack">
          <Progress label={texts.progress(finished, items.length)} share={finished / items.length} />
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{texts.file}</th>
                  <th scope="col">{texts.state}</th>
                </tr>
              </thead>
              <tbody>
                {items.slice(0, SHOWN).map((item) => (
                  <tr key={item.key}>
                    <td>{item.file.webkitRelativePath || item.file.name}</td>
                    <td>
                      {texts[item.status]}
                      {item.reason !== undefined && <span className="quiet">: {item.reason}</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <TextField
            label={texts.creator}
            hint={texts.creatorHint}
            value={creator}
            onChange={setCreator}
            isRequired
            isDisabled={busy}
            fault={checked && creator.trim() === '' ? texts.required : undefined}
          />
          {account === undefined && <p className="notice">{texts.connect}</p>}
          {prepared !== undefined && <Progress label={texts.preparing} share={prepared} />}
          <div className="row">
            <Button
              look="primary"
              isDisabled={
                busy ||
                ready.length === 0 ||
                finished < items.length ||
                account === undefined ||
                network !== 'ok' ||
                wrongWalletChain !== undefined
              }
              onPress={() => void send()}
            >
              {texts.anchor(ready.length)}
            </Button>
            <Button look="plain" isDisabled={busy} onPress={clear}>
              {finished < items.length ? texts.cancel : texts.clear}
            </Button>
          </div>
          <TransactionPanel state={state} onRetry={() => void send()} />
        </section>
      )}
    </>
  )
}
