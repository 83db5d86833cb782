import type { ReactNode } from 'react'
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
      <header className="page-head">
        <h1>{texts.headline}</h1>
        <p>{texts.about}</p>
      </header>
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
