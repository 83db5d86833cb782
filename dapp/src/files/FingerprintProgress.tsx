import type { ReactNode } from 'react'
import { Button, Progress } from '../design/index.ts'
import type { FingerprintControl } from '../fingerprinting/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { fileMessages } from './messages.ts'

/** A fingerprint as it comes, and the way to end it. */
export function FingerprintProgress({ control }: { control: FingerprintControl }): ReactNode {
  const texts = useMessages(fileMessages)
  const { progress, file, cancel } = control
  const share = progress?.total === undefined || progress.total === 0 ? undefined : progress.done / progress.total
  const label =
    progress?.unit === 'seconds' ? texts.listening(Math.round(progress.done)) : progress?.stage === 'decode' ? texts.looking : texts.reading
  return (
    <div className="stack" role="status">
      <p className="file-name">{file?.name}</p>
      <Progress label={label} share={progress?.stage === 'read' ? undefined : share} />
      <div>
        <Button compact onPress={cancel}>
          {texts.cancel}
        </Button>
      </div>
    </div>
  )
}
