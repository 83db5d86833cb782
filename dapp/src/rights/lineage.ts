import type { Deployment, Hex } from '@colophon/sdk'
import { word } from '../catalogue/index.ts'
import type { Chain } from '../chain/index.ts'

/** That who holds the rights in a work, or a license to adapt it, agreed that another be registered as made from it. */
export interface Grant {
  parent: Hex
  child: Hex
  /** Who agreed: an account, or the contract of licenses. */
  grantor: string
  /** Whether it was agreed to by a license, whose contract is the grantor. */
  byLicense: boolean
  /** Of what the child earns. */
  percent: number
}

/** What the contract knows of derivation. */
export interface Lineages {
  /** Agreed to, and neither taken back nor used. */
  open: Grant[]
  /** Registered, once and for ever. */
  registered: Grant[]
  /** Works that are owed a share of another's revenue, however far above it they stand. */
  owed: { ancestor: Hex; child: Hex; percent: number }[]
}

const NONE: Lineages = { open: [], registered: [], owed: [] }

/** Every derivation that was agreed to or registered on the chain. */
export async function readLineages(
  { colophon: { events }, deployment }: Pick<Chain, 'colophon'> & { deployment: Deployment | undefined },
  signal: AbortSignal,
): Promise<Lineages> {
  if (deployment?.contracts.RevenueSplitter === undefined) return NONE
  const contract = 'RevenueSplitter'
  const [granted, revoked, registrations] = await Promise.all([
    events.list({ contract, event: 'DerivativeGranted' }, { signal }),
    events.list({ contract, event: 'DerivativeRevoked' }, { signal }),
    events.list({ contract, event: 'DerivativeRegistered' }, { signal }),
  ])
  const licenses = deployment.contracts.LicenseToken?.address
  const percentOf = (share: bigint): number => Number(share) / 10_000
  const registered = registrations.flatMap(({ values }) =>
    [...values.parents].map(({ parent, share, grantor }) => ({
      ...{ parent: word(parent), child: word(values.child), grantor },
      ...{ byLicense: grantor === licenses, percent: percentOf(share) },
    })),
  )
  const owed = registrations.flatMap(({ values }) =>
    [...values.lineage].map(({ workId, share }) => ({ ancestor: word(workId), child: word(values.child), percent: percentOf(share) })),
  )
  const done = new Set(registered.map(({ child }) => child))
  const keyOf = ({ parent, child, grantor }: { parent: bigint; child: bigint; grantor: string }): string =>
    `${word(parent)} ${word(child)} ${grantor}`
  // The last word of each grantor counts.
  const last = new Map<string, Grant | undefined>()
  const words = [
    ...granted.map((event) => ({ ...event, share: event.values.share as bigint | undefined })),
    ...revoked.map((event) => ({ ...event, share: undefined })),
  ].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
  for (const { values, share } of words) {
    const { parent, child, grantor } = values
    const grant = { parent: word(parent), child: word(child), grantor, byLicense: grantor === licenses }
    last.set(keyOf(values), share === undefined ? undefined : { ...grant, percent: percentOf(share) })
  }
  const open = [...last.values()].filter((grant) => grant !== undefined).filter(({ child }) => !done.has(child))
  return { open, registered, owed }
}
