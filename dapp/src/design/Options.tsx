import type { ReactNode } from 'react'
import { Checkbox } from './Checkbox.tsx'
import './options.css'

/** Any of a list, to be ticked. */
export function Options<Id extends string>({
  legend,
  options,
  chosen,
  onChange,
  fault,
}: {
  legend: string
  options: readonly { id: Id; name: string; about?: string }[]
  chosen: readonly Id[]
  onChange(chosen: Id[]): void
  fault?: string | undefined
}): ReactNode {
  return (
    <fieldset className="options">
      <legend>{legend}</legend>
      <div className="options-grid">
        {options.map(({ id, name, about }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            hint={about}
            onChange={(selected) => onChange(selected ? [...chosen, id] : chosen.filter((each) => each !== id))}
          >
            {name}
          </Checkbox>
        ))}
      </div>
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  )
}
