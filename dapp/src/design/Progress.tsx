import type { ReactNode } from 'react'
import { Label, ProgressBar } from 'react-aria-components'

/** How far something is; without `share` only that it goes on. */
export function Progress({ label, share }: { label: string; share?: number | undefined }): ReactNode {
  return (
    <ProgressBar className="progress" {...(share === undefined ? { isIndeterminate: true } : { value: Math.min(1, share) * 100 })}>
      {({ percentage, valueText }) => (
        <>
          <Label>{label}</Label>
          <span aria-hidden="true">{valueText ?? ''}</span>
          <div className="bar">
            <div
              className={percentage === undefined ? 'fill endless' : 'fill'}
              {...(percentage === undefined ? {} : { style: { width: `${percentage}%` } })}
            />
          </div>
        </>
      )}
    </ProgressBar>
  )
}
