// What the indexer uses of this optional package, whose own types come with a binary of several MB.

declare module 'libsql' {
  export default class Database {
    constructor(file: string)
    exec(sql: string): unknown
    prepare(sql: string): { run(...values: unknown[]): unknown; all(...values: unknown[]): unknown[] }
    close(): unknown
  }
}
