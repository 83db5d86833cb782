import type { Language } from './language.ts'

/** Dates and numbers as a language writes them. */
export interface Formats {
  date: (seconds: number) => string
  moment: (seconds: number) => string
  number: (value: number | bigint) => string
  percent: (share: number) => string
  bytes: (size: number) => string
}

/** Seconds from 1970 that a date of the browser's can be away at most, some 270,000 years. */
const MOST_SECONDS = 8.64e12

/** Times that files and events name may be any number: one beyond every calendar is shown as its last day, where `Intl` would throw and end the page. */
function told(format: Intl.DateTimeFormat, seconds: number): string {
  return Number.isNaN(seconds) ? '–' : format.format(Math.min(MOST_SECONDS, Math.max(-MOST_SECONDS, seconds)) * 1000)
}

export function formatsOf(language: Language): Formats {
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
  const number = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  return {
    date: (seconds) => told(date, seconds),
    moment: (seconds) => told(moment, seconds),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    bytes: (size) => (size < 1000 ? `${size} B` : size < 1e6 ? `${decimal.format(size / 1e3)} kB` : `${decimal.format(size / 1e6)} MB`),
  }
}
