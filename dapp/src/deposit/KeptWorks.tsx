import type { Colophon, DepositReceipt } from '@colophon/sdk'
import { type ReactNode, useEffect, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf } from '../routing/router.ts'
import { keptAll } from '../store/database.ts'
import { TransactionPanel, useTransaction } from '../transaction/index.ts'
import { CertificateButton } from './CertificateButton.tsx'
import { downloadJson } from './certificate.ts'
import type { KeptOpening } from './draft.ts'
import { depositMessages } from './messages.ts'
import { unseal } from './send.ts'

/** What this browser has deposited and sealed on this chain. */
export function KeptWorks(): ReactNode {
  const texts = useMessages(depositMessages)
  const { moment } = useFormats()
  const { colophon, settings, deployment, revision } = useChain()
  const [receipts, setReceipts] = useState<DepositReceipt[]>([])
  const [openings, setOpenings] = useState<KeptOpening[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when the chain has moved on
  useEffect(() => {
    const registry = deployment?.contracts.CopyrightRegistry?.address
    const here = (each: { chainId: number; registry: string }): boolean => each.chainId === settings.chainId && each.registry === registry
    keptAll<DepositReceipt>('receipts').then(
      (all) => setReceipts(all.filter(here).sort((a, b) => b.depositedAt - a.depositedAt)),
      () => undefined,
    )
    keptAll<KeptOpening>('openings')
      .then((all) => Promise.all(all.filter(({ opening }) => here(opening)).map((each) => withTime(colophon, each))))
      .then(setOpenings, () => undefined)
  }, [colophon, settings, deployment, revision])
  return (
    <>
      {openings.length > 0 && (
        <section className="stack">
          <h2>{texts.mySeals}</h2>
          <ul className="stack">
            {openings.map((opening) => (
              <Sealed key={opening.opening.commitment} kept={opening} />
            ))}
          </ul>
        </section>
      )}
      {receipts.length > 0 && (
        <section className="stack">
          <h2>{texts.mine}</h2>
          <ul className="kept-works">
            {receipts.map((receipt) => (
              <li key={receipt.id} className="kept-work">
                <Mark bits={receipt.work.fingerprint} type={receipt.work.fingerprintType} size={56} />
                <a href={hrefOf('work', receipt.id)}>{moment(receipt.depositedAt)}</a>
                <span className="row">
                  <CertificateButton receipt={receipt} />
                  <Button compact look="plain" onPress={() => downloadJson(receipt, `${receipt.id.slice(2, 12)}.receipt.json`)}>
                    {texts.receipt}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** A reload may have come between the sending of a seal and its time: then the chain knows it. */
async function withTime(colophon: Colophon, kept: KeptOpening): Promise<KeptOpening> {
  if (kept.sealedAt !== undefined) return kept
  const { claimant, commitment } = kept.opening
  const seal = await colophon.deposits.getSeal(claimant, commitment).catch(() => undefined)
  return seal === undefined ? kept : { ...kept, sealedAt: seal.time }
}

function Sealed({ kept }: { kept: KeptOpening }): ReactNode {
  const texts = useMessages(depositMessages)
  const { moment } = useFormats()
  const { colophon, settings, signer, changed } = useChain()
  const { state, busy, run } = useTransaction<DepositReceipt>()
  return (
    <li className="sheet stack">
      <p>
        <strong>{kept.title}</strong>
        <br />
        <span className="small quiet">{kept.sealedAt === undefined ? texts.notMined : `${texts.sealedAt}: ${moment(kept.sealedAt)}`}</span>
      </p>
      <div className="row">
        <Button
          compact
          isDisabled={busy || signer === undefined}
          onPress={async () => {
            if ((await run((options) => unseal(colophon, settings, kept, options))) !== undefined) changed()
          }}
        >
          {texts.show}
        </Button>
        <Button compact look="plain" onPress={() => downloadJson(kept.opening, `${kept.opening.commitment.slice(2, 12)}.seal.json`)}>
          {texts.key}
        </Button>
      </div>
      <TransactionPanel state={state} />
    </li>
  )
}
