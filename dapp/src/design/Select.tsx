import { type ReactNode, startTransition, useEffect, useRef, useState } from 'react'
import { Select as AriaSelect, Button, FieldError, Label, ListBox, ListBoxItem, Popover, SelectValue, Text } from 'react-aria-components'
import { afterFrame } from '../frames/afterFrame.ts'
import type { FieldProps, Option } from './field.ts'
import { Down } from './icons.tsx'

/** One of a list. */
export function Select<Id extends string>({
  label,
  hint,
  fault,
  options,
  value,
  onChange,
  isDisabled,
}: FieldProps & { options: readonly Option<Id>[]; value: Id; onChange(id: Id): void; isDisabled?: boolean }): ReactNode {
  const [open, setOpen] = useState(false)
  const turning = useRef<() => void>(undefined)
  useEffect(() => () => turning.current?.(), [])
  return (
    <AriaSelect
      className="field"
      value={value}
      isOpen={open}
      onOpenChange={(wanted) => {
        turning.current?.()
        // What was pressed is seen to be at once; the list, which has to be made and placed or taken away, follows.
        turning.current = afterFrame(() => startTransition(() => setOpen(wanted)))
      }}
      onChange={(key) => onChange(key as Id)}
      isInvalid={fault !== undefined}
      isDisabled={isDisabled === true}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Button className="input">
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <Down />
      </Button>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="fault">{fault}</FieldError>
      <Popover className="popover">
        <ListBox items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className="option">
              <Text slot="label">{option.name}</Text>
              {option.about !== undefined && (
                <Text slot="description" className="quiet">
                  {option.about}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
