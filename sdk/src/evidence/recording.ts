import type { Artifact, CapturedPage, Exchange } from './exchange.ts'

/** How one host was reached. */
export interface ReachedHost {
  host: string
  address?: string
  /** Why it was refused. */
  refused?: string
}

/** A server's certificate chain as it was shown. */
export interface TlsChain {
  origin: string
  protocol?: string
  /** DER, base64, the server's own first. */
  certificates: string[]
}

/** Everything a capture saw, before it is packed. */
export interface Recording {
  mode: 'browser' | 'http'
  /** Name and version of the browser, or of the HTTP client. */
  agent: string
  exchanges: Exchange[]
  artifacts: Artifact[]
  page: CapturedPage
  hosts: ReachedHost[]
  tls: TlsChain[]
  /** Media of the page: address, and where it stands. */
  media: { url: string; element: string }[]
  /** What could not be recorded, in sentences. */
  gaps: string[]
}

/** What every way of capturing is told. */
export interface RecordingOptions {
  signal?: AbortSignal
  /** Milliseconds for the page to load. */
  timeout: number
  /** Most bytes of all bodies together. */
  maxBytes: number
  allow: readonly string[]
  ignoreTlsErrors: boolean
}
