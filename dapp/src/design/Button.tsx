import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Link as AriaLink } from 'react-aria-components'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  /** `primary`: the one thing this page is for. `danger`: cannot be undone. */
  look?: 'primary' | 'plain' | 'danger'
  compact?: boolean
  children: ReactNode
}

export function Button({ look, compact, ...props }: ButtonProps): ReactNode {
  return <AriaButton {...props} className={classes(look, compact)} />
}

/** Looks like a button and is a link: it goes somewhere, or downloads. */
export function LinkButton({
  look,
  compact,
  ...props
}: {
  look?: 'primary' | 'plain'
  compact?: boolean
  href: string
  download?: string
  children: ReactNode
}): ReactNode {
  return <AriaLink {...props} className={classes(look, compact)} />
}

function classes(look: string | undefined, compact: boolean | undefined): string {
  return ['button', look, compact === true ? 'compact' : undefined].filter(Boolean).join(' ')
}
