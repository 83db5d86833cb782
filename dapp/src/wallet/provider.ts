/** A wallet as EIP-1193 has it. */
export interface Eip1193 {
  request(request: { method: string; params?: readonly unknown[] | object }): Promise<unknown>
  on?(event: string, listener: (value: never) => void): unknown
  removeListener?(event: string, listener: (value: never) => void): unknown
}

/** A wallet one can choose. */
export interface WalletChoice {
  /** Reverse domain name, as EIP-6963 has it; stable from one visit to the next. */
  id: string
  name: string
  /** `data:` address of a picture. */
  icon?: string
  provider: Eip1193
}

/** An error as EIP-1193 has it. */
export function providerError(code: number, message: string): Error & { code: number } {
  return Object.assign(new Error(message), { code })
}
