import { createContext, type ReactNode, startTransition, useContext, useEffect, useMemo, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { afterFrame } from '../frames/afterFrame.ts'
import { type Formats, formatsOf } from './formats.ts'
import { LANGUAGES, type Language, type Messages } from './language.ts'

export type { Language } from './language.ts'

interface Spoken {
  language: Language
  speak(language: Language): void
}

const KEPT = 'colophon.language'
const Context = createContext<Spoken | undefined>(undefined)

/** What was chosen, else the first of the browser's languages that the app speaks. */
function initial(): Language {
  const kept = localStorage.getItem(KEPT)
  if (LANGUAGES.includes(kept as Language)) return kept as Language
  for (const wanted of navigator.languages) {
    if (wanted.toLowerCase().startsWith('zh')) return 'zh-CN'
    if (wanted.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

export function LanguageProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(initial)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const spoken = useMemo<Spoken>(
    () => ({
      language,
      speak(chosen) {
        localStorage.setItem(KEPT, chosen)
        // All texts are others: the press is answered first, and the page drawn in pieces.
        afterFrame(() => startTransition(() => setLanguage(chosen)))
      },
    }),
    [language],
  )
  return (
    <Context value={spoken}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </Context>
  )
}

export function useLanguage(): Spoken {
  return useContext(Context)!
}

/** The texts of one part of the app in the language of now. */
export function useMessages<Texts>(messages: Messages<Texts>): Texts {
  return messages[useLanguage().language]
}

/** Dates and numbers as the language writes them. */
export function useFormats(): Formats {
  const { language } = useLanguage()
  return useMemo(() => formatsOf(language), [language])
}
