import type { ReactNode } from 'react'
import { PageHead } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Sections } from '../sections/index.ts'
import { Editor } from './Editor.tsx'
import { Mine } from './Mine.tsx'
import { licensesMessages } from './messages.ts'
import { Offered } from './Offered.tsx'
import { Shop } from './Shop.tsx'

export default function LicensesPage(): ReactNode {
  const texts = useMessages(licensesMessages)
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      <Sections
        label={texts.parts}
        sections={[
          { id: 'shop', name: texts.shop, content: () => <Shop /> },
          { id: 'mine', name: texts.mine, content: () => <Mine /> },
          { id: 'offer', name: texts.offer, content: () => <Editor /> },
          { id: 'offered', name: texts.offered, content: () => <Offered /> },
        ]}
      />
    </>
  )
}
