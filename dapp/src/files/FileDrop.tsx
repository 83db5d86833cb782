import type { ReactNode } from 'react'
import { DropZone, FileTrigger } from 'react-aria-components'
import { Button } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { fileMessages } from './messages.ts'

/** A place to drop a file, with a button for those who do not drag. */
export function FileDrop({
  onFiles,
  title,
  about,
  multiple,
  accept,
  children,
}: {
  onFiles(files: File[]): void
  title?: string
  about?: string
  multiple?: boolean
  accept?: string[]
  children?: ReactNode
}): ReactNode {
  const texts = useMessages(fileMessages)
  const name = title ?? texts.drop
  return (
    <DropZone
      className="drop"
      aria-label={name}
      onDrop={async ({ items }) => {
        const files: File[] = []
        for (const item of items) if (item.kind === 'file') files.push(await item.getFile())
        if (files.length > 0) onFiles(multiple === true ? files : files.slice(0, 1))
      }}
    >
      <p className="drop-title">{name}</p>
      <FileTrigger
        allowsMultiple={multiple === true}
        {...(accept === undefined ? {} : { acceptedFileTypes: accept })}
        onSelect={(list) => {
          if (list !== null && list.length > 0) onFiles([...list])
        }}
      >
        <Button look="primary">{texts.choose}</Button>
      </FileTrigger>
      <p className="small quiet">{about ?? texts.kinds}</p>
      {children}
    </DropZone>
  )
}
