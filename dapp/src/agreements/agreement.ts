import type { AgreementStatus, Deployment, SignedAgreement } from '@colophon/sdk'
import { parseAgreement } from '@colophon/sdk/agreements'
import type { UseRead } from '@colophon/sdk/licenses'
import { CHANNELS, RIGHTS, TERRITORIES } from '@colophon/sdk/licenses'
import { word } from '../catalogue/index.ts'
import type { Chain } from '../chain/index.ts'

/** An agreement that was brought into force, and how it stands. */
export interface ActiveAgreement {
  agreement: SignedAgreement
  status: AgreementStatus
  /** Who holds the rights in the work now; a licensor who sold them is a side no longer. */
  holder: string | undefined
  /** Whether the deposit that was lodged is back. */
  depositReturned: boolean
}

const ALL = 0xffff

/** The agreements of which an account is or was a side, newest first, from the event that has them in full. */
export async function readAgreements(
  { colophon, deployment }: Pick<Chain, 'colophon'> & { deployment: Deployment | undefined },
  account: string,
  signal: AbortSignal,
): Promise<ActiveAgreement[]> {
  const contract = deployment?.contracts.LicenseAgreements?.address
  if (deployment === undefined || contract === undefined) return []
  const [events, returned] = await Promise.all([
    colophon.events.list({ contract: 'LicenseAgreements', event: 'Activated' }, { signal }),
    colophon.events.list({ contract: 'LicenseAgreements', event: 'DepositReturned' }, { signal }),
  ])
  const back = new Set(returned.map(({ values }) => values.id))
  const works = [...new Set(events.map(({ values }) => word(values.agreement.workId)))]
  const holders = new Map(await Promise.all(works.map(async (id) => [id, await colophon.titles.rightsHolderOf(id)] as const)))
  const own = events
    .filter(({ values: { agreement, terms } }) =>
      [agreement.licensee, terms.licensor, holders.get(word(agreement.workId))].includes(account),
    )
    .reverse()
  return await Promise.all(
    own.map(async ({ values }) => {
      const { agreement: given, terms } = values
      // Parsing compares the id with the hash of these values.
      const agreement = parseAgreement({
        type: 'colophon-agreement',
        version: 1,
        chainId: deployment.chainId,
        contract,
        id: values.id,
        signature: '0x',
        signer: terms.licensor,
        value: {
          workId: word(given.workId),
          licensee: given.licensee,
          currency: given.currency,
          startsAt: Number(given.startsAt),
          period: Number(given.period),
          periods: Number(given.periods),
          instalment: given.instalment.toString(),
          minimum: given.minimum.toString(),
          unitPrice: given.unitPrice.toString(),
          reportWithin: Number(given.reportWithin),
          payWithin: Number(given.payWithin),
          grace: Number(given.grace),
          cure: Number(given.cure),
          grant: {
            licensor: terms.licensor,
            downPayment: terms.downPayment.toString(),
            deposit: terms.deposit.toString(),
            duration: Number(terms.duration),
            exclusive: terms.exclusive,
            territories: Number(terms.territories),
            channels: Number(terms.channels),
            rights: Number(terms.rights),
            transferable: terms.transferable,
            resaleBps: Number(terms.resaleBps),
            derivativeBps: Number(terms.derivativeBps),
            document: terms.document,
          },
        },
      })
      return {
        ...{ agreement, status: await colophon.agreements.status(agreement) },
        ...{ holder: holders.get(word(given.workId)), depositReturned: back.has(values.id) },
      }
    }),
  )
}

/** What the license of an agreement allows, in names. */
export function useOf({ value: { grant } }: SignedAgreement): UseRead & { renewable: boolean } {
  const named = <Name>(bits: number, names: readonly Name[]): Name[] => names.filter((_, bit) => (bits & (1 << bit)) !== 0)
  return {
    rights: named(grant.rights, RIGHTS),
    territories: grant.territories === ALL ? 'world' : named(grant.territories, TERRITORIES),
    channels: grant.channels === ALL ? 'all' : named(grant.channels, CHANNELS),
    duration: grant.duration === 0 ? 'forever' : grant.duration,
    exclusive: grant.exclusive,
    transferable: grant.transferable,
    resalePercent: grant.resaleBps / 100,
    derivativePercent: grant.derivativeBps / 100,
    renewable: false,
  }
}

/** `'native'`, or the token's address. */
export function currencyOf({ value }: SignedAgreement): string {
  return BigInt(value.currency) === 0n ? 'native' : value.currency
}
