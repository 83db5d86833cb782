/** One request and what came back, as a capture saw it. */
export interface Exchange {
  url: string
  /** When the request was sent. */
  date: Date
  method: string
  requestHeaders: [name: string, value: string][]
  requestBody?: Uint8Array
  status: number
  statusText: string
  responseHeaders: [name: string, value: string][]
  /** Decoded: without transfer and content encoding. */
  body: Uint8Array
  /** The body did not end. */
  truncated?: true
  /** Address of the server that answered. */
  address?: string
}

/** Something the capture made of the page: a screenshot, its DOM, its text. */
export interface Artifact {
  /** `urn:screenshot:…`, `urn:pdf:…`, `urn:dom:…` or `urn:text:…`, with the address of the page behind. */
  uri: string
  date: Date
  mediaType: string
  bytes: Uint8Array
}

/** A page that can be replayed. */
export interface CapturedPage {
  url: string
  title: string
  date: Date
  text: string
}
