export { AddressField, addressIn, useRecipientFault } from './AddressField.tsx'
export { Citation, Party, useOwnWorks, useTitles, WorkSelect } from './Citation.tsx'
export { citationMessages } from './messages.ts'
