import type { Verification } from '@colophon/sdk/verify'
import { type ReactNode, useEffect, useState } from 'react'
import { useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Button, Check, Cross, LinkButton, PageHead, Progress, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf, useRoute } from '../routing/router.ts'
import { ErrorNotice, Hash } from '../states/index.tsx'
import { examine, type Given, recognise } from './evidence.ts'
import { useExplain } from './explain.ts'
import { verifyMessages } from './messages.ts'
import './verify.css'

const ID = /^0x[0-9a-f]{64}$/i

export default function VerifyPage(): ReactNode {
  const texts = useMessages(verifyMessages)
  const { argument } = useRoute()
  const { provider, deployment } = useChain()
  const { reader } = useWorks()
  const [given, setGiven] = useState<Given[]>([])
  const [typed, setTyped] = useState(argument ?? '')
  const [id, setId] = useState(argument !== undefined && ID.test(argument) ? argument : undefined)
  const [fault, setFault] = useState(false)
  useEffect(() => {
    setTyped(argument ?? '')
    setId(argument !== undefined && ID.test(argument) ? argument : undefined)
  }, [argument])

  const wanted = given.length > 0 || id !== undefined
  const result = useLoad<Verification | undefined>(
    async (signal) => (wanted ? await examine(given, id, { provider, deployment }, reader, signal) : undefined),
    [given, id, provider, deployment, reader],
  )
  const take = async (files: File[]): Promise<void> => {
    const found = await Promise.all(files.map(recognise))
    // One of each kind: the newest.
    setGiven((before) => [...before.filter(({ kind }) => !found.some((each) => each.kind === kind)), ...found])
  }
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      <div className="verify-inputs">
        <FileDrop multiple title={texts.drop} about={texts.dropAbout} onFiles={(files) => void take(files)} />
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            const value = typed.trim()
            setFault(value !== '' && !ID.test(value))
            if (value === '' || ID.test(value)) setId(value === '' ? undefined : value)
          }}
        >
          <TextField
            label={texts.id}
            hint={texts.idHint}
            value={typed}
            onChange={setTyped}
            mono
            fault={fault ? texts.idFault : undefined}
          />
          <div>
            <Button type="submit">{texts.check}</Button>
          </div>
        </form>
      </div>
      {given.length > 0 && (
        <section className="stack">
          <h2>{texts.given}</h2>
          <ul className="stack">
            {given.map((each) => (
              <li key={each.kind} className="row">
                <span className="tag">{texts[each.kind]}</span>
                <span className="file-name">{each.file.name}</span>
                <Button compact look="plain" onPress={() => setGiven((before) => before.filter(({ kind }) => kind !== each.kind))}>
                  {texts.remove}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {wanted && result.status === 'loading' && <Progress label={texts.running} />}
      {wanted && result.status === 'failed' && <ErrorNotice error={result.error!} onRetry={result.reload} />}
      {wanted && result.status === 'ready' && result.value !== undefined && <Outcome verification={result.value} />}
    </>
  )
}

function Outcome({ verification }: { verification: Verification }): ReactNode {
  const texts = useMessages(verifyMessages)
  const { moment } = useFormats()
  const explain = useExplain()
  const { verdict, receipt, checks, others } = verification
  return (
    <section className={`verdict ${verdict}`} data-verdict={verdict}>
      <div className="verdict-head" role="status">
        {receipt !== undefined && <Mark bits={receipt.work.fingerprint} type={receipt.work.fingerprintType} size={140} printed />}
        <div className="stack">
          <h2>{texts[verdict]}</h2>
          <p>{texts[`${verdict}About`]}</p>
          {receipt !== undefined && (
            <dl className="facts">
              <dt>{texts.deposited}</dt>
              <dd>{moment(receipt.depositedAt)}</dd>
              <dt>{texts.claimant}</dt>
              <dd>
                <Hash value={receipt.claimant} label={texts.claimant} />
              </dd>
            </dl>
          )}
          <div className="row">
            {receipt !== undefined && receipt.kind !== 'anchored' && (
              <LinkButton href={hrefOf('work', receipt.id)}>{texts.openWork}</LinkButton>
            )}
            {verdict === 'not-found' && <LinkButton href={hrefOf('discover')}>{texts.look}</LinkButton>}
            {others.length > 0 && <span className="quiet">{texts.others(others.length)}</span>}
          </div>
        </div>
      </div>
      <h3>{texts.checks}</h3>
      <ul className="checks">
        {checks.map((check) => {
          const { explanation, lang, word } = explain(check)
          return (
            <li key={`${check.name} ${check.explanation}`} className={check.status}>
              <span className="check-icon">{check.status === 'ok' ? <Check /> : check.status === 'failed' ? <Cross /> : '–'}</span>
              <div>
                <p>
                  <strong>{texts[`check_${check.name}`]}</strong> <span className="quiet">{texts[check.status]}</span>
                </p>
                <p className="small" {...(lang === undefined ? {} : { lang })}>
                  {explanation}
                </p>
                {check.status === 'failed' && (
                  <dl className="facts small">
                    <dt>{texts.expected}</dt>
                    <dd className="mono">{word(check.expected ?? '')}</dd>
                    <dt>{texts.found}</dt>
                    <dd className="mono">{word(check.found ?? '')}</dd>
                  </dl>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
