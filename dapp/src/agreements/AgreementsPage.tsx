import type { ReactNode } from 'react'
import { PageHead } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Sections } from '../sections/index.ts'
import { Mine } from './Mine.tsx'
import { agreementsMessages } from './messages.ts'
import { Open } from './Open.tsx'
import { Propose } from './Propose.tsx'

export default function AgreementsPage(): ReactNode {
  const texts = useMessages(agreementsMessages)
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      <Sections
        label={texts.parts}
        sections={[
          { id: 'mine', name: texts.mine, content: () => <Mine /> },
          { id: 'propose', name: texts.propose, content: () => <Propose /> },
          { id: 'open', name: texts.open, content: () => <Open /> },
        ]}
      />
    </>
  )
}
