import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components'
import { Check } from './icons.tsx'

export function Checkbox({
  children,
  hint,
  ...props
}: {
  children: ReactNode
  hint?: ReactNode
  isSelected: boolean
  onChange(selected: boolean): void
  isDisabled?: boolean
}): ReactNode {
  return (
    <AriaCheckbox {...props} className="choice">
      <span className="mark-box">{props.isSelected && <Check />}</span>
      <span>
        {children}
        {hint !== undefined && <span className="small quiet"> {hint}</span>}
      </span>
    </AriaCheckbox>
  )
}
