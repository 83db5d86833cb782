import type { ReactNode } from 'react'
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
      <header className="page-head">
        <h1>{texts.headline}</h1>
        <p>{texts.about}</p>
      </header>
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
