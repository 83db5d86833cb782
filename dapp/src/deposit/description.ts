import type { WorkDescription } from '@colophon/sdk/document'

/** What the form holds: texts as they are typed. */
export interface FormValues {
  title: string
  creator: string
  role: string
  created: string
  about: string
  language: string
  keywords: string
  published: string
  country: string
  priorWork: string
  aiGeneration: 'unsaid' | NonNullable<WorkDescription['aiGeneration']>
  aiTraining: 'unsaid' | NonNullable<WorkDescription['aiTraining']>
}

const EMPTY: FormValues = {
  ...{ title: '', creator: '', role: '', created: '', about: '', language: '', keywords: '', published: '', country: '', priorWork: '' },
  aiGeneration: 'none',
  aiTraining: 'notAllowed',
}

const KEPT = 'colophon.creator'

/** What can be known without asking: the title from the file's name, the creator and role of last time, the year from the file. */
export function defaultsFor(file: { name: string; lastModified: number }, name: string | undefined): FormValues {
  const { creator = '', role = '' } = keptCreator()
  return {
    ...EMPTY,
    title: titleOf(file.name),
    creator: creator === '' ? (name ?? '') : creator,
    role,
    created: new Date(file.lastModified).toISOString().slice(0, 10),
  }
}

/** `my-best_photo.final.jpg` is called "My best photo final". */
export function titleOf(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]{1,5}$/, '')
    .replace(/[-_.\s]+/g, ' ')
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function keptCreator(): { creator?: string; role?: string } {
  try {
    const value = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as { creator?: unknown; role?: unknown }
    return {
      ...(typeof value.creator === 'string' ? { creator: value.creator } : {}),
      ...(typeof value.role === 'string' ? { role: value.role } : {}),
    }
  } catch {
    return {}
  }
}

/** Remembered for the next deposit in this browser. */
export function keepCreator({ creator, role }: FormValues): void {
  localStorage.setItem(KEPT, JSON.stringify({ creator: creator.trim(), role: role.trim() }))
}

export type FormFault = 'required' | 'date' | 'language' | 'country' | 'work'

/** What is wrong with the form, field by field; the SDK has the last word. */
export function formFaults(values: FormValues): Partial<Record<keyof FormValues, FormFault>> {
  const date = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/
  const { title, creator, created, published, language, country, priorWork } = trimmed(values)
  return {
    ...(title === '' ? { title: 'required' as const } : {}),
    ...(creator === '' ? { creator: 'required' as const } : {}),
    ...(created !== '' && !date.test(created) ? { created: 'date' as const } : {}),
    ...(published !== '' && !date.test(published) ? { published: 'date' as const } : {}),
    ...(language !== '' && !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language) ? { language: 'language' as const } : {}),
    ...(country !== '' && !/^[A-Za-z]{2}$/.test(country) ? { country: 'country' as const } : {}),
    ...(priorWork !== '' && !/^0x[0-9a-fA-F]{64}$/.test(priorWork) ? { priorWork: 'work' as const } : {}),
  }
}

function trimmed(values: FormValues): FormValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()])) as unknown as FormValues
}

/** The form as the SDK takes it; what is empty is left out. */
export function descriptionOf(values: FormValues, account: string | undefined): WorkDescription {
  const { title, creator, role, created, about, language, keywords, published, country, priorWork, aiGeneration, aiTraining } =
    trimmed(values)
  const words = keywords
    .split(/[,，、;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  return {
    title,
    creators: [{ name: creator, ...(role === '' ? {} : { role }), ...(account === undefined ? {} : { account }) }],
    ...(about === '' ? {} : { description: about }),
    ...(created === '' ? {} : { created }),
    ...(language === '' ? {} : { language }),
    ...(words.length === 0 ? {} : { keywords: [...new Set(words)] }),
    ...(published === '' ? {} : { firstPublication: { date: published, ...(country === '' ? {} : { country: country.toUpperCase() }) } }),
    ...(priorWork === '' ? {} : { priorWorks: [{ relation: 'derivedFrom', deposit: priorWork.toLowerCase() }] }),
    ...(aiGeneration === 'unsaid' ? {} : { aiGeneration }),
    ...(aiTraining === 'unsaid' ? {} : { aiTraining }),
  }
}
