import type { ReactNode } from 'react'
import { useMessages } from '../i18n/index.tsx'
import { homeMessages } from './messages.ts'

export default function HomePage(): ReactNode {
  const texts = useMessages(homeMessages)
  return (
    <div className="page-head">
      <h1>{texts.headline}</h1>
      <p>{texts.about}</p>
    </div>
  )
}
