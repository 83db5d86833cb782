import type { Check } from '@colophon/sdk/verify'
import { useEffect, useState } from 'react'
import { useFormats, useLanguage } from '../i18n/index.tsx'

/** A check in the language of the page. */
export interface Explained {
  explanation: string
  /** The language it is in; undefined where it is that of the page. */
  lang: 'en' | undefined
  /** What was expected or found, in the page's words where it is words. */
  word(value: string): string
}

type Chinese = typeof import('./findings.zh.ts') & Pick<typeof import('../states/faults.zh.ts'), 'FAULTS'>
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** Says checks in the language of the page: in English as the SDK does, in Chinese from the finding and its facts. */
export function useExplain(): (check: Check) => Explained {
  const { language } = useLanguage()
  const { moment } = useFormats()
  const [chinese, setChinese] = useState<Chinese>()
  useEffect(() => {
    if (language !== 'zh-CN') return
    let current = true
    Promise.all([import('./findings.zh.ts'), import('../states/faults.zh.ts')]).then(
      ([findings, { FAULTS }]) => {
        if (current) setChinese({ ...findings, FAULTS })
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [language])
  return ({ finding, facts = {}, explanation }) => {
    if (language === 'en') return { explanation, lang: undefined, word: (value) => value }
    if (chinese === undefined) return { explanation, lang: 'en', word: (value) => value }
    return { explanation: inChinese(chinese, moment, finding, facts), lang: undefined, word: (value) => chinese.WORDS[value] ?? value }
  }
}

function inChinese(
  { FINDINGS, WORDS, FAULTS }: Chinese,
  moment: (seconds: number) => string,
  finding: Check['finding'],
  facts: NonNullable<Check['facts']>,
): string {
  return FINDINGS[finding].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(facts[name])
    // A fault that people meet has words of its own; of others the SDK's particulars are all there is.
    if (name === 'message') return FAULTS[String(facts.code)]?.[0] ?? value
    return TIME.test(value) ? moment(Date.parse(value) / 1000) : (WORDS[value] ?? value)
  })
}
