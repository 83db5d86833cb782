import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { Button, RadioGroup } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { download } from '../saving/index.ts'
import { panelAt, panelStep } from './contracts.ts'
import type { Dispute } from './disputes.ts'
import { claimsMessages } from './messages.ts'
import { type KeptVote, keepVote, keptVote, newSalt, parseVote } from './votes.ts'

/** Casts a vote of which the chain sees only a hash. */
export function CastVote({ dispute }: { dispute: Dispute }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { deployment, provider, signer, account, settings } = useChain()
  const [choice, setChoice] = useState('1')
  return (
    <Action
      look="primary"
      compact
      label={texts.castVote}
      title={texts.castTitle}
      contract="ArbitrationPanel"
      facts={() => [
        { name: texts.disputeNumber, value: String(dispute.id) },
        { name: texts.yourChoice, value: texts[`choice_${choice}` as 'choice_0'] },
      ]}
      run={async (options) => {
        const panel = panelAt(deployment, provider)!
        const vote: KeptVote = {
          type: 'colophon-vote',
          version: 1,
          chainId: settings.chainId,
          panel: await panel.getAddress(),
          disputeId: String(dispute.id),
          round: dispute.round,
          arbitrator: account!,
          choice: Number(choice),
          salt: newSalt(),
        }
        const commitment = await panel.commitmentOf(dispute.id, dispute.round, account!, vote.choice, vote.salt)
        return await panelStep(deployment, signer!, 'commit', [dispute.id, commitment], {
          ...options,
          onProgress: (progress) => {
            // Before the wallet is asked, and after the chain said that no vote is cast yet.
            if (progress.stage === 'send') keepVote(vote)
            options.onProgress?.(progress)
          },
        })
      }}
      done={texts.cast}
    >
      <p className="notice">{texts.castAbout}</p>
      <RadioGroup
        label={texts.yourChoice}
        options={Array.from({ length: dispute.choices + 1 }, (_, index) => ({
          id: String(index),
          name: texts[`choice_${index}` as 'choice_0'],
        })).slice(0, 4)}
        value={choice}
        onChange={setChoice}
      />
    </Action>
  )
}

/** What one voted, as it is kept here, and the way to open it when it is time. */
export function OpenVote({ dispute, open }: { dispute: Dispute; open: boolean }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { deployment, signer, account, settings } = useChain()
  const [given, setGiven] = useState<KeptVote>()
  const panel = deployment?.contracts.ArbitrationPanel?.address ?? ''
  const key = { chainId: settings.chainId, panel, disputeId: String(dispute.id), round: dispute.round, arbitrator: account ?? '' }
  const vote = keptVote(key) ?? given
  if (vote === undefined)
    return (
      <>
        <p className="notice warn">{texts.secretLost}</p>
        <FileDrop
          title={texts.openSecret}
          accept={['application/json', '.json']}
          about="vote.json"
          onFiles={([file]) => void file?.text().then((text) => setGiven(parseVote(text)))}
        />
      </>
    )
  return (
    <div className="stack">
      <p className="small">
        {texts.secretKept} <strong>{texts[`choice_${vote.choice}` as 'choice_0']}</strong>
      </p>
      <div className="row">
        {open && (
          <Action
            look="primary"
            compact
            label={texts.openVote}
            title={texts.openTitle}
            contract="ArbitrationPanel"
            facts={() => [
              { name: texts.disputeNumber, value: String(dispute.id) },
              { name: texts.yourChoice, value: texts[`choice_${vote.choice}` as 'choice_0'] },
            ]}
            run={(options) => panelStep(deployment, signer!, 'reveal', [dispute.id, vote.choice, vote.salt], options)}
            done={texts.voteOpened}
          />
        )}
        <Button compact onPress={() => download(`vote-${dispute.id}.json`, 'application/json', JSON.stringify(vote, null, 2))}>
          {texts.saveSecret}
        </Button>
      </div>
    </div>
  )
}
