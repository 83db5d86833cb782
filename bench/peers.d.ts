declare module 'minhash' {
  /** Signature of a set of strings; a list of functions, so the package is CommonJS without types. */
  export class Minhash {
    constructor(config?: { numPerm?: number; seed?: number })
    update(element: string): void
    hashvalues: number[]
  }
}
