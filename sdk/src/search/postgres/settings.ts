/** A server and a database on it. What is left out comes from the environment (`PGHOST`, `PGUSER`, …), as in every tool of PostgreSQL. */
export interface PostgresConnection {
  host?: string
  port?: number
  database?: string
  user?: string
  password?: string
  /** `true` checks the server's certificate. */
  ssl?: boolean
}
