import type { ReactNode } from 'react'
import { PageHead } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { useRoute } from '../routing/router.ts'
import { Sections } from '../sections/index.ts'
import { ClaimDetail } from './ClaimDetail.tsx'
import { ClaimList } from './ClaimList.tsx'
import { FileClaim } from './FileClaim.tsx'
import { claimsMessages } from './messages.ts'
import { Panel } from './Panel.tsx'
import './claims.css'

export default function ClaimsPage(): ReactNode {
  const texts = useMessages(claimsMessages)
  const { argument } = useRoute()
  if (argument !== undefined) return <ClaimDetail id={argument} />
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      <Sections
        label={texts.parts}
        sections={[
          { id: 'all', name: texts.all, content: () => <ClaimList /> },
          { id: 'file', name: texts.file, content: () => <FileClaim /> },
          { id: 'panel', name: texts.panel, content: () => <Panel /> },
        ]}
      />
    </>
  )
}
