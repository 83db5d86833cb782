import type { UseRead } from '@colophon/sdk/licenses'
import { useMemo } from 'react'
import { useLanguage, useMessages } from '../i18n/index.tsx'
import { wordsMessages } from './messages.ts'

export const ACTS = ['reproduce', 'distribute', 'display', 'perform', 'adapt', 'trainAi'] as const
const DAY = 86_400
/** A Gregorian year, leap years spread evenly, as the SDK counts them. */
const YEAR = 31_556_952

export interface Words {
  /** A span as people say it. */
  span(seconds: number): string
  /** Terms in whole sentences. */
  sentences(terms: UseRead & { renewable: boolean }): string[]
  list(names: readonly string[]): string
}

/** Terms in the language of now. */
export function useWords(): Words {
  const texts = useMessages(wordsMessages)
  const { language } = useLanguage()
  return useMemo(() => {
    const format = new Intl.ListFormat(language, { type: 'conjunction' })
    const list = (names: readonly string[]): string => format.format(names)
    const span = (seconds: number): string =>
      seconds % YEAR === 0
        ? texts.years(seconds / YEAR)
        : seconds % DAY === 0
          ? texts.days(seconds / DAY)
          : texts.hours(Math.round((seconds / 3600) * 10) / 10)
    return {
      span,
      list,
      sentences(terms) {
        const allowed = ACTS.filter((act) => terms.rights.includes(act))
        const others = ACTS.filter((act) => !terms.rights.includes(act))
        const lines = [
          ...(allowed.length === 0 ? [] : [texts.may(list(allowed.map((act) => inSentence(texts[act]))))]),
          terms.rights.includes('commercial') ? texts.forMoney : texts.notForMoney,
          ...(terms.rights.includes('sublicense') ? [texts.sublicensing] : []),
          ...(others.length === 0 ? [] : [texts.mayNot(list(others.map((act) => inSentence(texts[act]))))]),
          terms.territories === 'world' ? texts.world : texts.only(list(terms.territories.map((place) => texts[place]))),
          terms.channels === 'all' ? texts.anyMedium : texts.media(list(terms.channels.map((channel) => texts[channel]))),
          terms.duration === 'forever' ? texts.forever : texts.runs(span(terms.duration)),
          terms.exclusive ? texts.exclusive : texts.notExclusive,
          terms.transferable ? (terms.resalePercent > 0 ? texts.resale(terms.resalePercent) : texts.transferable) : texts.notTransferable,
        ]
        if (terms.duration !== 'forever') lines.push(terms.renewable ? texts.renewable : texts.notRenewable)
        if (terms.derivativePercent > 0) lines.push(texts.derivative(terms.derivativePercent))
        return lines
      },
    }
  }, [texts, language])
}

/** A name as it stands within a sentence. */
function inSentence(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}
