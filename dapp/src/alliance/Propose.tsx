import type { Decision } from '@colophon/sdk'
import { ROLES, type Role } from '@colophon/sdk/alliance'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { Options, Select, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { allianceMessages } from './messages.ts'

const KINDS = ['admit', 'setRoles', 'suspend', 'reinstate', 'expel'] as const
type Kind = (typeof KINDS)[number]
const ADDRESS = /^0x[0-9a-f]{40}$/i

/** A member proposes what concerns a member, or one to be. */
export function Propose(): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon } = useChain()
  const [kind, setKind] = useState<Kind>('admit')
  const [subject, setSubject] = useState('')
  const [roles, setRoles] = useState<Role[]>(['owner'])
  const [words, setWords] = useState('')
  const [tried, setTried] = useState(false)
  const withRoles = kind === 'admit' || kind === 'setRoles'
  const faults = {
    subject: ADDRESS.test(subject.trim()) ? undefined : texts.addressFault,
    roles: withRoles && roles.length === 0 ? texts.rolesFault : undefined,
    words: words.trim().length < 8 ? texts.wordsFault : undefined,
  }
  const shown = (fault: string | undefined): string | undefined => (tried ? fault : undefined)
  const decision = (): Decision => {
    const account = subject.trim()
    if (kind === 'admit') return { admit: account, roles }
    if (kind === 'setRoles') return { setRoles: account, roles }
    if (kind === 'suspend') return { suspend: account }
    return kind === 'reinstate' ? { reinstate: account } : { expel: account }
  }
  return (
    <section className="sheet stack">
      <h2>{texts.propose}</h2>
      <p className="quiet">{texts.proposeAbout}</p>
      <div className="form-grid">
        <Select
          label={texts.kind}
          options={KINDS.map((id) => ({ id, name: texts[`kind_${id}`] }))}
          value={kind}
          onChange={(id) => setKind(id as Kind)}
        />
        <TextField label={texts.subject} mono value={subject} onChange={setSubject} fault={shown(faults.subject)} autoComplete="off" />
      </div>
      {withRoles && (
        <Options
          legend={texts.roles}
          options={ROLES.map((id) => ({ id, name: texts[`role_${id}`] }))}
          chosen={roles}
          onChange={(chosen) => setRoles(ROLES.filter((role) => chosen.includes(role)))}
          fault={shown(faults.roles)}
        />
      )}
      <TextField label={texts.words} lines={3} value={words} onChange={setWords} fault={shown(faults.words)} maxLength={2000} />
      <div className="row">
        <Action
          look="primary"
          label={texts.proposeIt}
          contract="AllianceGovernor"
          prepare={() => {
            setTried(true)
            return Object.values(faults).every((fault) => fault === undefined)
          }}
          facts={() => [
            { name: texts.kind, value: texts[`kind_${kind}`] },
            { name: texts.subject, value: <code>{subject.trim()}</code> },
            ...(withRoles ? [{ name: texts.roles, value: roles.map((role) => texts[`role_${role}`]).join(', ') }] : []),
            { name: texts.words, value: words.trim() },
          ]}
          run={(options) => colophon.alliance.propose({ decisions: [decision()], description: words.trim() }, options)}
          done={texts.proposed}
        />
      </div>
    </section>
  )
}
