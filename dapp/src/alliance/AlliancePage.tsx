import type { ReactNode } from 'react'
import { PageHead } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Sections } from '../sections/index.ts'
import { Members } from './Members.tsx'
import { allianceMessages } from './messages.ts'
import { Proposals } from './Proposals.tsx'
import { Verifiers } from './Verifiers.tsx'
import './alliance.css'

export default function AlliancePage(): ReactNode {
  const texts = useMessages(allianceMessages)
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      <Sections
        label={texts.parts}
        sections={[
          { id: 'members', name: texts.members, content: () => <Members /> },
          { id: 'proposals', name: texts.proposals, content: () => <Proposals /> },
          { id: 'verifiers', name: texts.verifiers, content: () => <Verifiers /> },
        ]}
      />
    </>
  )
}
