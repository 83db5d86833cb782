import type { ReactNode } from 'react'
import { Radio as AriaRadio, RadioGroup as AriaRadioGroup, Label } from 'react-aria-components'
import type { Option } from './field.ts'

/** One of few, all to be seen. */
export function RadioGroup<Id extends string>({
  label,
  options,
  value,
  onChange,
  isDisabled,
}: {
  label: string
  options: readonly (Option<Id> & { isDisabled?: boolean })[]
  value: Id
  onChange(id: Id): void
  isDisabled?: boolean
}): ReactNode {
  return (
    <AriaRadioGroup className="field" value={value} onChange={(id) => onChange(id as Id)} isDisabled={isDisabled === true}>
      <Label>{label}</Label>
      {options.map((option) => (
        <AriaRadio key={option.id} value={option.id} isDisabled={option.isDisabled === true} className="choice round">
          <span className="mark-box" />
          <span>
            {option.name}
            {option.about !== undefined && (
              <span className="small quiet">
                <br />
                {option.about}
              </span>
            )}
          </span>
        </AriaRadio>
      ))}
    </AriaRadioGroup>
  )
}
