export { type Colophon, createColophon } from './colophon.ts'
export { type Connection, type ConnectionOptions, createConnection } from './connection.ts'
export type { Write, WriteOptions } from './write.ts'
