import type { UseRead } from '@colophon/sdk/licenses'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/index.tsx'
import { wordsMessages } from './messages.ts'
import { useWords } from './words.ts'
import './terms.css'

/** Terms in whole sentences, and as machines read them. */
export function Terms({ terms, policy }: { terms: UseRead & { renewable: boolean }; policy: object }): ReactNode {
  const texts = useMessages(wordsMessages)
  const { sentences } = useWords()
  return (
    <div className="stack terms">
      <ul className="sentences">
        {sentences(terms).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <details className="small">
        <summary>{texts.forMachines}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(policy, null, 2)}</pre>
      </details>
    </div>
  )
}
