/** Languages that the app speaks, by their BCP 47 tags. */
export const LANGUAGES = ['en', 'zh-CN'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text, or a function that puts values into one. */
// biome-ignore lint/suspicious/noExplicitAny: each message has its own values
export type Message = string | ((...values: any[]) => string)

/** The texts of one part of the app in all languages; each has the same names and takes the same values. */
export interface Messages<Texts> {
  readonly en: Texts
  readonly 'zh-CN': Texts
}

type Widened<Texts> = { readonly [Name in keyof Texts]: Texts[Name] extends string ? string : Texts[Name] }

/** Texts of one part of the app. What is missing in one language does not compile. */
export function defineMessages<const Texts extends Record<string, Message>>(en: Texts, zh: Widened<Texts>): Messages<Widened<Texts>> {
  return { en: en as Widened<Texts>, 'zh-CN': zh }
}
