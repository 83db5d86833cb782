import { memo, type ReactNode } from 'react'
import { platesOf } from './plates.ts'

/** Inks by what the work is; `fingerprintType` as the registry has it, 0 for works known by their identity alone. */
const INKS: Record<number, string> = { 1: 'image', 2: 'text', 3: 'audio', 4: 'video', 5: 'image', 6: 'image' }

/** The mark of a work; a picture of its code and nothing else, so that it is left out of what screen readers say. */
export const Mark: (props: { bits: string; type: number; size?: number; printed?: boolean }) => ReactNode = memo(function Mark({
  bits,
  type,
  size,
  printed,
}: {
  bits: string
  type: number
  size?: number
  /** Drawn ink after ink, as it comes off a press. */
  printed?: boolean
}) {
  const { first, second } = platesOf(bits)
  return (
    <svg
      className={`mark ${INKS[type] ?? 'data'}${printed === true ? ' printed' : ''}`}
      viewBox="-2 -2 69 69"
      aria-hidden="true"
      focusable="false"
      {...(size === undefined ? {} : { width: size, height: size })}
    >
      <path className="first" d={first} />
      <path className="second" d={second} />
    </svg>
  )
})
