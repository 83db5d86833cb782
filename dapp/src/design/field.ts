import type { ReactNode } from 'react'

export interface FieldProps {
  label: string
  hint?: ReactNode
  /** What is wrong with the value, as a sentence; the field is marked. */
  fault?: string | undefined
}

export interface Option<Id extends string> {
  id: Id
  name: string
  about?: string
}
