import type { ClaimStatus, Hex, LicenseRecord } from '@colophon/sdk'
import { CHANNELS, type Channel, TERRITORIES, type Territory } from '@colophon/sdk/licenses'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, useOwnWorks, WorkSelect } from '../citation/index.ts'
import { Checkbox, Select, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { wordsMessages } from '../terms/index.ts'
import { isEvidenceUri } from './evidenceUri.ts'
import { claimsMessages } from './messages.ts'

/** The three answers to a claim: it is denied, a license is shown, or an earlier deposit is. */
export function Answer({ status, bond }: { status: ClaimStatus; bond: bigint }): ReactNode {
  return (
    <>
      <Deny status={status} bond={bond} />
      <ShowLicense status={status} />
      <ShowDeposit status={status} />
    </>
  )
}

function Deny({ status, bond }: { status: ClaimStatus; bond: bigint }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon } = useChain()
  const [evidence, setEvidence] = useState('')
  const [acceptsForum, setAccepts] = useState(false)
  const ready = isEvidenceUri(evidence)
  return (
    <Action
      look="primary"
      label={texts.deny}
      title={texts.denyTitle}
      contract="InfringementClaims"
      ready={ready}
      facts={() => [
        {
          name: texts.bond,
          value: (
            <>
              <ExactAmount amount={bond} currency="native" /> ({texts.bondAbout})
            </>
          ),
        },
        { name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> },
      ]}
      run={(options) => colophon.claims.respond({ claim: status.id, evidence: evidence.trim(), acceptsForum }, options)}
      done={texts.denied}
    >
      <TextField label={texts.uri} value={evidence} onChange={setEvidence} fault={ready ? undefined : texts.uriFault} inputMode="url" />
      {BigInt(status.claim.forum) !== 0n && (
        <Checkbox isSelected={acceptsForum} onChange={setAccepts}>
          {texts.acceptForum}
        </Checkbox>
      )}
    </Action>
  )
}

function ShowLicense({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const names = useMessages(wordsMessages)
  const { colophon, account, revision } = useChain()
  const [chosen, setChosen] = useState<Hex | ''>('')
  const [territory, setTerritory] = useState<Territory>('mainlandChina')
  const [channel, setChannel] = useState<Channel>('web')
  const loaded = useLoad<LicenseRecord[]>(
    async (signal) => (account === undefined ? [] : await colophon.licenses.listByHolder(account, { signal })),
    [account, revision],
  )
  const licenses = loaded.value?.filter(({ workId }) => workId === status.claim.workId) ?? []
  const license = chosen === '' ? licenses[0]?.licenseId : chosen
  if (licenses.length === 0) return null
  return (
    <Action
      label={texts.license}
      title={texts.licenseTitle}
      contract="InfringementClaims"
      facts={() => [{ name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> }]}
      run={(options) => colophon.claims.respondWithLicense({ claim: status.id, licenseId: license!, territory, channel }, options)}
      done={texts.shown}
    >
      <Select
        label={texts.whichLicense}
        options={licenses.map(({ licenseId }) => ({ id: licenseId, name: licenseId }))}
        value={license!}
        onChange={(id) => setChosen(id as Hex)}
      />
      <Select
        label={texts.territory}
        options={TERRITORIES.map((id) => ({ id, name: names[id] }))}
        value={territory}
        onChange={(id) => setTerritory(id as Territory)}
      />
      <Select
        label={texts.channel}
        options={CHANNELS.map((id) => ({ id, name: names[id] }))}
        value={channel}
        onChange={(id) => setChannel(id as Channel)}
      />
    </Action>
  )
}

function ShowDeposit({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon } = useChain()
  const own = useOwnWorks()
  const { suspectId } = status.claim
  // What is said to be the copy may itself be the older of the two.
  const [chosen, setChosen] = useState<Hex | ''>(BigInt(suspectId) === 0n ? '' : suspectId)
  if (own.works.length === 0) return null
  return (
    <Action
      label={texts.earlier}
      title={texts.earlierTitle}
      contract="InfringementClaims"
      ready={own.works.includes(chosen as Hex)}
      facts={() => [{ name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> }]}
      run={(options) => colophon.claims.respondWithDeposit({ claim: status.id, earlierId: chosen as Hex }, options)}
      done={texts.shown}
    >
      <WorkSelect label={texts.earlierWork} works={own.works} value={chosen} onChange={setChosen} />
    </Action>
  )
}
