// What the indexer uses of its optional packages, so that building the SDK needs neither.

declare module 'libsql' {
  export default class Database {
    constructor(file: string)
    exec(sql: string): unknown
    prepare(sql: string): { run(...values: unknown[]): unknown; all(...values: unknown[]): unknown[] }
    close(): unknown
  }
}

declare module 'pg' {
  interface Queryable {
    query(sql: string, values?: unknown[]): Promise<{ rows: object[] }>
  }
  interface PoolClient extends Queryable {
    on(event: 'error', listener: () => void): void
    off(event: 'error', listener: () => void): void
    release(destroy?: boolean): void
  }
  class Pool implements Queryable {
    constructor(options: Record<string, unknown>)
    query(sql: string, values?: unknown[]): Promise<{ rows: object[] }>
    connect(): Promise<PoolClient>
    on(event: 'error', listener: (fault: Error) => void): void
    end(): Promise<void>
  }
  const pg: { Pool: typeof Pool; types: { getTypeParser(type: number, format?: string): unknown } }
  export default pg
  export type { PoolClient, Queryable }
}
