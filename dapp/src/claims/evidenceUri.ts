/** Whether a text can stand where ERC-1497 wants the address of a document, or is left out. */
export function isEvidenceUri(text: string): boolean {
  const trimmed = text.trim()
  return trimmed === '' || /^(https?:\/\/[^\s/]+|ipfs:\/\/|\/ipfs\/)\S*$/.test(trimmed)
}
