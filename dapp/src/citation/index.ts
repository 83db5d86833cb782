export { Citation, Party, useNameOf, useOwnWorks, useTitles, WorkSelect } from './Citation.tsx'
export { citationMessages } from './messages.ts'
