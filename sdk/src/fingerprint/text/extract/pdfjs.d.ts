// The parts of pdfjs-dist that are used. It is an optional peer, so that whoever builds this need not have it.

declare module 'pdfjs-dist' {
  interface Page {
    getTextContent(): Promise<{ items: readonly ({ str: string; hasEOL: boolean } | { type: string })[] }>
    cleanup(): void
  }

  interface Loading {
    promise: Promise<{ numPages: number; getPage(number: number): Promise<Page> }>
    destroy(): Promise<void>
  }

  export function getDocument(source: {
    data: Uint8Array
    isEvalSupported: boolean
    disableFontFace: boolean
    useSystemFonts: boolean
    disableAutoFetch: boolean
    useWorkerFetch: boolean
    verbosity: number
    cMapUrl?: string
    cMapPacked?: boolean
  }): Loading
}

declare module 'pdfjs-dist/legacy/build/pdf.mjs' {
  export { getDocument } from 'pdfjs-dist'
}

declare module 'pdfjs-dist/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: unknown
}
