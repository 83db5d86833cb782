import type { Hex } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party, useTitles } from '../citation/index.ts'
import { Options, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount, useMoney } from '../money/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { grantId, oneOfEach } from './grants.ts'
import type { Grant, Lineages } from './lineage.ts'
import { rightsMessages } from './messages.ts'
import { percentOf, shareIn } from './shares.ts'

/** What whoever holds the rights in a work decides of works made from it, and of those that it was made from. */
export function DerivativeSteps({ workId, account, lineages }: { workId: Hex; account: string; lineages: Lineages }): ReactNode {
  const texts = useMessages(rightsMessages)
  const own = lineages.open.filter(({ parent, grantor }) => parent === workId && grantor === account)
  return (
    <div className="stack derivative-steps">
      {own.length > 0 && (
        <>
          <h3>{texts.agreedTo}</h3>
          <ul className="ledger">
            {own.map((grant) => (
              <TakeBack key={grant.child} grant={grant} />
            ))}
          </ul>
        </>
      )}
      <Register workId={workId} lineages={lineages} />
      <Owed workId={workId} lineages={lineages} />
      <div className="row">
        <Agree workId={workId} lineages={lineages} />
      </div>
    </div>
  )
}

const WORK = /(?:^|\/)(0x[0-9a-f]{64})$/i

/** Agrees that another work be registered as made from this one, for a share of what it earns. */
function Agree({ workId, lineages }: { workId: Hex; lineages: Lineages }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  const { catalogue } = useWorks()
  const [typed, setTyped] = useState('')
  const [share, setShare] = useState('')
  const child = WORK.exec(typed.trim())?.[1]?.toLowerCase() as Hex | undefined
  const parts = share.trim() === '0' ? 0 : shareIn(share)
  const fault = ((): string | undefined => {
    if (child === undefined) return texts.childFault
    if (child === workId) return texts.childSame
    if (catalogue.value !== undefined && !catalogue.value.byId.has(child)) return texts.childUnknown
    return lineages.registered.some((each) => each.child === child) ? texts.childRegistered : undefined
  })()
  return (
    <Action
      label={texts.agree}
      title={texts.agreeTitle}
      formFirst
      contract="RevenueSplitter"
      ready={fault === undefined && parts !== undefined}
      facts={() => [
        { name: texts.parent, value: <Citation workId={workId} size={40} /> },
        { name: texts.child, value: child === undefined ? '–' : <Citation workId={child} size={40} /> },
        { name: texts.childId, value: child === undefined ? '–' : <code>{child}</code> },
        { name: texts.shareOfChild, value: parts === undefined ? '–' : <strong>{percentOf(parts)} %</strong> },
      ]}
      run={(options) => colophon.revenue.grantDerivative({ parent: workId, child: child!, percent: parts! / 10_000 }, options)}
      done={texts.agreed}
    >
      <p className="notice">{texts.agreeAbout}</p>
      <TextField
        label={texts.childId}
        hint={texts.childHint}
        mono
        value={typed}
        onChange={setTyped}
        fault={typed.trim() === '' ? undefined : fault}
        autoComplete="off"
      />
      <TextField
        label={texts.share}
        hint={texts.shareOfChildHint}
        value={share}
        onChange={setShare}
        inputMode="decimal"
        fault={share.trim() === '' || parts !== undefined ? undefined : texts.shareFault}
      />
    </Action>
  )
}

function TakeBack({ grant: { parent, child, percent } }: { grant: Grant }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon } = useChain()
  return (
    <li data-grant={child}>
      <Citation workId={child} size={44} />
      <div className="row">
        <strong>{percent} %</strong>
        <Action
          compact
          label={texts.takeBack}
          title={texts.takeBackTitle}
          contract="RevenueSplitter"
          facts={() => [
            { name: texts.parent, value: <Citation workId={parent} size={40} /> },
            { name: texts.child, value: <Citation workId={child} size={40} /> },
            { name: texts.shareOfChild, value: `${percent} %` },
          ]}
          run={(options) => colophon.revenue.revokeDerivative({ parent, child }, options)}
          done={texts.takenBack}
        >
          <p className="notice">{texts.takeBackAbout}</p>
        </Action>
      </div>
    </li>
  )
}

/** Registers the work as made from those whose sides agreed. */
function Register({ workId, lineages }: { workId: Hex; lineages: Lineages }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon, revision } = useChain()
  // Nothing to begin with: whoever has a work can agree to any share of anybody's.
  const [ids, setIds] = useState<string[]>([])
  const open = lineages.open.filter(({ child }) => child === workId)
  const key = open.map(grantId).join()
  // An agreement dies when the rights are sold; that of a license does not.
  const loaded = useLoad(async () => {
    const holders = await Promise.all(open.map(({ parent }) => colophon.titles.rightsHolderOf(parent)))
    return open.filter(({ byLicense, grantor }, index) => byLicense || holders[index] === grantor)
  }, [key, revision])
  const grants = loaded.value ?? []
  const titleOf = useTitles(grants.map(({ parent }) => parent))
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (grants.length === 0) return null
  const chosen = grants.filter((grant) => ids.includes(grantId(grant)))
  return (
    <div className="stack" data-registrable>
      <h3>{texts.register}</h3>
      <p className="quiet small">{texts.registerAbout}</p>
      <Options
        legend={texts.madeFrom}
        options={grants.map((grant) => ({
          id: grantId(grant),
          name: titleOf(grant.parent).title,
          about: grant.byLicense ? texts.grantByLicense(String(grant.percent)) : texts.grantByHolder(String(grant.percent)),
        }))}
        chosen={chosen.map(grantId)}
        onChange={(wanted) => setIds(oneOfEach(wanted))}
      />
      <div className="row">
        <Action
          label={texts.register}
          title={texts.registerTitle}
          contract="RevenueSplitter"
          isDisabled={chosen.length === 0}
          facts={() => [
            { name: texts.child, value: <Citation workId={workId} size={40} /> },
            {
              name: texts.madeFrom,
              value: (
                <ul className="stack">
                  {chosen.map(({ parent, percent, grantor }) => (
                    <li key={parent}>
                      <Citation workId={parent} size={40} />
                      <strong>{percent} %</strong> · {texts.agreedBy} <Party account={grantor} />
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
          run={(options) =>
            colophon.revenue.registerDerivative(
              { child: workId, parents: chosen.map(({ parent, percent, grantor }) => ({ workId: parent, percent, grantor })) },
              options,
            )
          }
          done={texts.registered}
        >
          <p className="notice warn">{texts.registerForGood}</p>
        </Action>
      </div>
    </div>
  )
}

/** What waits with works made from this one, in every currency, and the way to take it up. */
function Owed({ workId, lineages }: { workId: Hex; lineages: Lineages }): ReactNode {
  const texts = useMessages(rightsMessages)
  const { colophon, revision } = useChain()
  const { kinds } = useMoney()
  const children = lineages.owed.filter(({ ancestor, percent }) => ancestor === workId && percent > 0).map(({ child }) => child)
  const key = [...children, ...kinds.map(({ currency }) => currency)].join()
  const loaded = useLoad(async () => {
    const all = children.flatMap((child) => kinds.map(({ currency }) => ({ child, currency })))
    const found = await Promise.all(
      all.map(async ({ child, currency }) => ({ child, ...(await colophon.revenue.royaltyOf(child, workId, currency as 'native')) })),
    )
    return found.filter(({ unswept }) => unswept.amount > 0n)
  }, [workId, key, revision])
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (loaded.value === undefined || loaded.value.length === 0) return null
  return (
    <>
      <h3>{texts.owed}</h3>
      <p className="quiet small">{texts.owedAbout}</p>
      <ul className="ledger">
        {loaded.value.map(({ child, percent, unswept: { amount, currency } }) => (
          <li key={`${child}-${currency}`} data-owed={child}>
            <Citation workId={child} size={44} />
            <div className="row">
              <ExactAmount amount={amount} currency={currency} />
              <Action
                compact
                label={texts.sweep}
                title={texts.sweepTitle}
                contract="RevenueSplitter"
                facts={() => [
                  { name: texts.amount, value: <ExactAmount amount={amount} currency={currency} /> },
                  { name: texts.from, value: <Citation workId={child} size={40} /> },
                  { name: texts.shareOfChild, value: `${percent} %` },
                  { name: texts.goesTo, value: <Citation workId={workId} size={40} /> },
                ]}
                run={(options) => colophon.revenue.sweep({ child, ancestor: workId, currency }, options)}
                done={texts.swept}
              />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
