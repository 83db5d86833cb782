import type { SignedOrder } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Button } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { hrefOf } from '../routing/router.ts'
import { download } from '../saving/index.ts'
import { exchangeMessages } from './messages.ts'
import { orderToText } from './orders.ts'

/** The two ways to pass a signed offer on. */
export function ShareOrder({ order }: { order: SignedOrder }): ReactNode {
  const texts = useMessages(exchangeMessages)
  const [copied, setCopied] = useState(false)
  const link = `${location.origin}${location.pathname}${hrefOf('exchange', undefined, { order: orderToText(order) })}`
  return (
    <>
      <Button
        compact
        onPress={() => {
          navigator.clipboard.writeText(link).then(
            () => {
              setCopied(true)
              setTimeout(() => setCopied(false), 1500)
            },
            () => undefined,
          )
        }}
      >
        {copied ? texts.copied : texts.copyLink}
      </Button>
      <Button compact onPress={() => download(`order-${order.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(order, null, 2))}>
        {texts.save}
      </Button>
    </>
  )
}
