import type { Hex } from '@colophon/sdk'
import { type ReactNode, useMemo } from 'react'
import { type Entry, useDocuments, useWorks } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Select } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf } from '../routing/router.ts'
import { citationMessages } from './messages.ts'
import './citation.css'

const NONE: readonly Entry[] = []
const NO_WORKS: readonly Hex[] = []

/** What works are called, as their documents come in. */
export function useTitles(workIds: readonly Hex[]): (workId: Hex) => { title: string; lang?: string; creators: string } {
  const texts = useMessages(citationMessages)
  const { catalogue } = useWorks()
  const key = workIds.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the ids
  const entries = useMemo(
    () => workIds.map((id) => catalogue.value?.byId.get(id)).filter((entry) => entry !== undefined),
    [key, catalogue.value],
  )
  const documents = useDocuments(entries.length === 0 ? NONE : entries)
  return (workId) => {
    const entry = catalogue.value?.byId.get(workId)
    if (entry === undefined) return { title: catalogue.value === undefined ? '…' : texts.unknown, creators: '' }
    const state = documents.get(entry.metadata)
    if (state?.status !== 'ready') return { title: state?.status === 'loading' ? '…' : texts.noDocument, creators: '' }
    const { title, language, creators } = state.document
    return { title, ...(language === undefined ? {} : { lang: language }), creators: creators.map(({ name }) => name).join(', ') }
  }
}

/** A work in a line or two: mark, title and creators, with the way to its page. */
export function Citation({ workId, size = 56 }: { workId: Hex; size?: number }): ReactNode {
  const { catalogue } = useWorks()
  const ids = useMemo(() => [workId], [workId])
  const { title, lang, creators } = useTitles(ids)(workId)
  const entry = catalogue.value?.byId.get(workId)
  return (
    <div className="citation">
      {entry !== undefined && <Mark bits={entry.fingerprint} type={entry.fingerprintType} size={size} />}
      <p>
        <a href={hrefOf('work', workId)} {...(lang === undefined ? {} : { lang })}>
          {title}
        </a>
        {creators !== '' && <span className="small quiet citation-by">{creators}</span>}
      </p>
    </div>
  )
}

/** An account: its whole address, and who it is where that is known. */
export function Party({ account }: { account: string }): ReactNode {
  const texts = useMessages(citationMessages)
  const name = useNameOf()(account)
  const { account: own } = useChain()
  return (
    <span className="party">
      {name !== undefined && <span>{name} </span>}
      {account === own && <span className="tag">{texts.you}</span>} <code>{account}</code>
    </span>
  )
}

/** Names of development accounts; others have none. */
export function useNameOf(): (account: string) => string | undefined {
  const { settings } = useChain()
  return (account) => settings.devAccounts?.find(({ address }) => address === account)?.name
}

/** Works in which the account holds the rights: its deposits, less titles that were sold, and titles that it bought. */
export function useOwnWorks(): { status: 'loading' | 'ready' | 'failed'; known: boolean; works: readonly Hex[] } {
  const { colophon, account, revision } = useChain()
  const { catalogue } = useWorks()
  const loaded = useLoad(
    async (signal) => {
      if (account === undefined || catalogue.value === undefined) return undefined
      const deposited = catalogue.value.entries.filter(({ claimant }) => claimant === account).map(({ id }) => id)
      const [owned, holders] = await Promise.all([
        colophon.titles.listByOwner(account, { signal }),
        Promise.all(deposited.map((id) => colophon.titles.rightsHolderOf(id))),
      ])
      return [...new Set([...deposited.filter((_, index) => holders[index] === account), ...owned])]
    },
    [account, catalogue.value, revision],
  )
  return {
    status: loaded.value === undefined && loaded.status === 'ready' ? 'loading' : loaded.status,
    known: loaded.value !== undefined,
    works: loaded.value ?? NO_WORKS,
  }
}

/** One of some works, by its title. */
export function WorkSelect({
  label,
  works,
  value,
  onChange,
  fault,
}: {
  label?: string
  works: readonly Hex[]
  value: Hex | ''
  onChange(workId: Hex): void
  fault?: string | undefined
}): ReactNode {
  const texts = useMessages(citationMessages)
  const titleOf = useTitles(works)
  return (
    <Select
      label={label ?? texts.work}
      options={works.map((id) => ({ id, name: titleOf(id).title, about: `${id.slice(0, 14)}…` }))}
      value={value as Hex}
      onChange={onChange}
      fault={fault}
    />
  )
}
