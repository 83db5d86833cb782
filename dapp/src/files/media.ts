import type { fileMessages } from './messages.ts'

const NAMES = { 1: 'image', 2: 'text', 3: 'audio', 4: 'video', 5: 'image', 6: 'image' } as const

/** What a code of this type is of, by the name of its message. */
export function mediaName(fingerprintType: number): keyof Pick<(typeof fileMessages)['en'], 'image' | 'text' | 'audio' | 'video' | 'data'> {
  return NAMES[fingerprintType as keyof typeof NAMES] ?? 'data'
}
