/** How a custom error of a contract is told to people. */
export interface ContractErrorEntry {
  /** Code of the `ContractError`; listed in docs/errors.md. */
  code: string
  /** One sentence made from the error's arguments. */
  message: (args: Readonly<Record<string, unknown>>) => string
  hint: string
}
