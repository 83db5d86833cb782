import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

/** A question or a detail in front of the page. Escape and a press outside close it, unless it has to be answered. */
export function Dialog({
  title,
  children,
  onClose,
  urgent,
  wide,
}: {
  title: string
  children: ReactNode
  onClose(): void
  urgent?: boolean
  wide?: boolean
}): ReactNode {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={urgent !== true}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Modal className={wide === true ? 'modal wide' : 'modal'}>
        <AriaDialog role={urgent === true ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
