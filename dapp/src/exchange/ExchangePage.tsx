import type { ReactNode } from 'react'
import { PageHead } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Sections } from '../sections/index.ts'
import { Market } from './Market.tsx'
import { exchangeMessages } from './messages.ts'
import { Sell } from './Sell.tsx'
import './exchange.css'

export default function ExchangePage(): ReactNode {
  const texts = useMessages(exchangeMessages)
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      <Sections
        label={texts.parts}
        sections={[
          { id: 'market', name: texts.market, content: () => <Market /> },
          { id: 'sell', name: texts.sell, content: () => <Sell /> },
        ]}
      />
    </>
  )
}
