import type { Hex } from '@colophon/sdk'
import type { Link } from '@colophon/sdk/trail'
import { type ReactNode, useState } from 'react'
import { useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { Check, Cross, Progress } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useMoney } from '../money/index.ts'
import { ErrorNotice, Hash } from '../states/index.tsx'
import { workMessages } from './messages.ts'

/** What became of a work, oldest first, each link checked by the SDK. */
export function Timeline({ workId }: { workId: Hex }): ReactNode {
  const texts = useMessages(workMessages)
  const { provider, deployment, revision } = useChain()
  const { reader } = useWorks()
  const [share, setShare] = useState<number>()
  const trail = useLoad(
    async (signal) => {
      const { trace } = await import('@colophon/sdk/trail')
      return await trace(workId, {
        provider,
        ...(deployment === undefined ? {} : { deployment }),
        storage: reader,
        signal,
        onProgress: ({ done, total }) => setShare(total === undefined ? undefined : done / total),
      })
    },
    [workId, provider, deployment, reader, revision],
  )
  const found = trail.value
  return (
    <section className="stack work-story">
      <div className="row">
        <h2>{texts.story}</h2>
        {found !== undefined && (
          <span className={`tag ${{ verified: 'good', refuted: 'bad', incomplete: 'warn' }[found.verdict]}`}>
            {{ verified: texts.verified, refuted: texts.refutedTrail, incomplete: texts.incomplete }[found.verdict]}
          </span>
        )}
      </div>
      <p className="quiet">{texts.storyAbout}</p>
      {trail.status === 'loading' && found === undefined && <Progress label={texts.tracing} share={share} />}
      {trail.status === 'failed' && <ErrorNotice error={trail.error!} onRetry={trail.reload} />}
      {found !== undefined && (
        <ol className="timeline">
          {found.links.map((link) => (
            <Event key={`${link.transaction}-${link.index}`} link={link} />
          ))}
        </ol>
      )}
    </section>
  )
}

/** What an event says of people and amounts, by the names of the contracts. */
const PEOPLE = ['claimant', 'seller', 'buyer', 'payer', 'payee', 'from', 'to', 'respondent', 'by', 'party'] as const
const AMOUNTS = ['price', 'amount', 'due'] as const

function isSaid(value: string | undefined): value is string {
  return value !== undefined && value !== '0' && !/^0x0+$/.test(value)
}

function Event({ link }: { link: Link }): ReactNode {
  const texts = useMessages(workMessages)
  const { moment } = useFormats()
  const { format } = useMoney()
  const name = texts[`event_${link.event}` as keyof typeof texts]
  const failed = link.checks.some(({ status }) => status === 'failed')
  const { currency, licenseId } = link.facts
  // An agreement's payments leave their currency to the agreement.
  const amountOf = (value: string): string =>
    currency === undefined ? texts.units(value) : format(BigInt(value), BigInt(currency) === 0n ? 'native' : currency)
  return (
    <li className={`event ${link.stage}`}>
      <p className="small quiet">{moment(link.time)}</p>
      <h3>{typeof name === 'string' ? name : link.event}</h3>
      <dl className="small event-facts">
        {AMOUNTS.filter((fact) => isSaid(link.facts[fact])).map((fact) => (
          <div key={fact}>
            <dt>{texts[`fact_${fact}`]}</dt>
            <dd>
              <strong>{amountOf(link.facts[fact]!)}</strong>
            </dd>
          </div>
        ))}
        {PEOPLE.filter((fact) => isSaid(link.facts[fact])).map((fact) => (
          <div key={fact}>
            <dt>{texts[`fact_${fact}`]}</dt>
            <dd>
              <Party account={link.facts[fact]!} />
            </dd>
          </div>
        ))}
        {isSaid(licenseId) && (
          <div>
            <dt>{texts.fact_licenseId}</dt>
            <dd>
              <code>{licenseId}</code>
            </dd>
          </div>
        )}
      </dl>
      <details className="small">
        <summary>
          <span className="event-checks">
            {failed ? <Cross /> : <Check />} {texts.checks}: {link.checks.filter(({ status }) => status === 'ok').length}/
            {link.checks.length}
          </span>
        </summary>
        <ul>
          {link.checks.map(({ name: check, status, explanation }) => (
            <li key={check}>
              {status === 'ok' ? '✓' : status === 'failed' ? '✗' : '–'} <strong>{texts[`check_${check}`]}</strong>{' '}
              <span lang="en">{explanation}</span>
            </li>
          ))}
        </ul>
        <p>
          {texts.transaction}: <Hash value={link.transaction} label={texts.transaction} />
        </p>
      </details>
    </li>
  )
}
