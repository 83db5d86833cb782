import type { ReactNode } from 'react'
import { TextField as AriaTextField, FieldError, Input, Label, Text, TextArea } from 'react-aria-components'
import type { FieldProps } from './field.ts'

/** A line, or with `lines` several. */
export function TextField({
  label,
  hint,
  fault,
  lines,
  mono,
  placeholder,
  value,
  onChange,
  ...props
}: FieldProps & {
  value: string
  onChange(value: string): void
  lines?: number
  mono?: boolean
  placeholder?: string
  isRequired?: boolean
  isDisabled?: boolean
  type?: 'text' | 'date' | 'url' | 'datetime-local'
  inputMode?: 'text' | 'decimal' | 'numeric' | 'url'
  autoComplete?: string
  maxLength?: number
}): ReactNode {
  const look = { className: mono === true ? 'input mono' : 'input', ...(placeholder === undefined ? {} : { placeholder }) }
  return (
    <AriaTextField {...props} className="field" value={value} onChange={onChange} isInvalid={fault !== undefined} validationBehavior="aria">
      <Label>{label}</Label>
      {lines === undefined ? <Input {...look} /> : <TextArea {...look} rows={lines} />}
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="fault">{fault}</FieldError>
    </AriaTextField>
  )
}
