export { type ByteSource, openSource, type Source } from './source.ts'
