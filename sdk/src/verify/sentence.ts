import type { ColophonError } from '../errors/base.ts'

/**
 * What checks come to, in English; a value in braces is one of the facts. Who speaks another language has the finding and the facts to make sentences
 * of their own, and need not take these apart.
 */
export const SENTENCES = {
  'id-holds': 'The id is the hash of claimant and work.',
  'id-other': 'The id is not the hash of claimant and work: one of them was changed.',
  'chain-same': 'The RPC is on the chain of the deposit.',
  'contract-none-to-ask': 'There is no contract to ask.',
  'registry-untrusted': 'What a registry says that is not trusted proves nothing.',
  'contract-other': 'The deposit is in another registry than the one known on this chain.',
  'contract-known':
    'The registry is the one known on this chain, its code the one this SDK was built with: it has no owner and changes no record.',
  'contract-other-version': 'The address is the one known on this chain; its code is another version than this SDK was built with.',
  'anchor-holds': 'The registry has the anchor, with the time of the receipt.',
  'anchor-missing': 'The registry has no anchor with this root.',
  'anchor-other-time': 'The registry has the anchor, but with another time.',
  'record-missing': 'The registry has no record with this id.',
  'record-holds': 'The registry has the record, with this claimant, time and kind.',
  'record-other': 'The registry has a record with this id that says something else.',
  'event-holds': 'The registry wrote the event in this block and transaction, with the same claimant and work.',
  'event-other': 'The event says something else than the receipt, or stands in another place.',
  'time-lifted':
    'The block of the record has this time; which anchor the work was lifted from is not in the receipt, but the record has its time.',
  'time-other': 'A block has another time than the receipt says.',
  'seal-none-used': 'This deposit was not sealed first.',
  'seal-missing': 'The registry has no seal of this work by this claimant.',
  'seal-holds': 'The claimant sealed this very work at that time, before it was revealed.',
  'seal-other': 'The claimant sealed this work at another time or in another transaction.',
  'proof-at-lifting': 'The receipt has no proof; the registry checked it when the work was lifted.',
  'proof-none-used': 'This deposit is not part of a batch.',
  'proof-holds': 'The proof leads from claimant and work to the anchored root.',
  'proof-broken': 'The proof does not lead from claimant and work to the anchored root.',
  'signature-none-used': 'This deposit was not made by signature.',
  'signature-at-deposit': 'The receipt has no signature; the registry checked it when the deposit was made.',
  'signature-expired': 'The signature had expired when the deposit was recorded.',
  'signature-holds': 'The claimant signed this very deposit.',
  'signature-needs-chain': 'The signature may be a contract wallet’s, which only the chain can check.',
  'signature-other': 'The signature is not the claimant’s, or is over something else.',
  'signature-wallet': 'The claimant is a contract wallet and accepts the signature (ERC-1271).',
  'signature-wallet-not-today':
    'The claimant is a contract wallet that does not accept the signature today; the registry did when the deposit was made.',
  'proof-hash-broken': 'The proof does not hold: a hash in it is another.',
  'event-proof-elsewhere': 'The transaction that is proven did not write the event that the deposit stands on.',
  'event-proof-other-time': 'The event is of another time than the one that the receipt gives the deposit.',
  'block-trusted': 'The block hash is one that you trust.',
  'contract-unknown': 'No registry is known on this chain: name the registry you trust.',
  'contract-known-address': 'The registry is the one known on this chain.',
  'state-proof-absent': 'The receipt has no proof that leads to the block hash: colophon receipt --proof adds one.',
  'state-proof-nothing': 'The proof shows that the registry has no such deposit.',
  'state-proof-other': 'What the proof shows is another deposit than the receipt’s.',
  'time-other-stored': 'The registry stores another time than the receipt says.',
  'receipt-of-another': 'The receipt is of another deposit than the id given.',
  'document-absent': 'The document is not at hand.',
  'file-absent': 'The file is not at hand.',
  'sha256-same': 'The file is, byte for byte, the one that was deposited.',
  'sha256-other': 'The file is not the one that was deposited: at least one byte differs.',
  'fingerprint-none-deposited': 'The deposit has no fingerprint.',
  'fingerprint-none': 'The file gives no fingerprint, but the deposit has one.',
  'fingerprint-other-algorithm': 'The file gives a fingerprint of another algorithm.',
  'fingerprint-same': 'The fingerprint computed from the file is the one deposited.',
  'iscc-unnamed': 'The document, which names the ISCC, is not at hand or names none.',
  'iscc-none': 'The file gives no ISCC.',
  'iscc-same': 'The ISCC computed from the file is the one in the document.',
  'iscc-other': 'The file gives another ISCC than its document names.',
  'document-same': 'The document is the one whose CID was deposited.',
  'document-other': 'The document is not the one that was deposited: its CID differs.',
  'document-none-deposited': 'The deposit has no document.',
  'document-unnamed': 'The document does not name the SHA-256 of its file.',
  'document-names-file': 'The document names the file that was deposited with it.',
  'document-names-another': 'The document names another file than the one deposited with it.',
  'provider-absent': 'No provider was given, so the chain was not asked.',
  'file-not-deposited':
    'Nobody has deposited exactly this file: it was never deposited, or it was changed. Anchored and sealed works are found by their receipt only.',
  'certificate-changed': 'The file was changed: its identifier does not follow from its bytes.',
  'certificate-font-renamed': 'A font has another name than the certificate says.',
  'certificate-same': 'Made again from the receipt, the document and the picture within, the file is the same, byte for byte.',
  'certificate-other': 'The file is not what its own data gives: the page, or something in it, was changed.',
  'preview-other-kind': 'The picture on the page and the deposit have no fingerprint of the same kind.',
  'preview-waveform-open': 'Whether the waveform is of the recording is known when the recording is at hand.',
  'preview-waveform-same': 'The waveform on the page is that of the recording.',
  'preview-waveform-other': 'The waveform on the page is not that of the recording.',
  'preview-none': 'The page shows nothing of the work but its fingerprint.',
  'preview-excerpt-open': 'Whether the excerpt is from the work is known when the work is at hand.',
  'preview-excerpt-same': 'The excerpt on the page is the beginning of the file.',
  'preview-excerpt-other': 'The excerpt on the page is not the beginning of the file.',
  'preview-frames-open': 'Whether the frames are of the film is known when the film is at hand.',
  'identity-none': 'The certificate says nothing about who the claimant is.',
  'identity-not-asked': 'No provider was given, so the identity registry was not asked.',
  'identity-unknown': 'No identity registry is known on this chain.',
  'identity-same': 'The identity registry gives the claimant this level at the time of the deposit.',
  'identity-other': 'The identity registry says something else of the claimant.',
  'chain-other': 'The RPC is on chain {chainId}, the deposit on chain {expected}: connect to that one.',
  'contract-missing': 'There is no contract at {registry}.',
  'contract-unknown-genuine':
    "No registry is known on this chain. {registry} has a registry's code, but anybody can deploy that with records of their own making: name the registry you trust.",
  'contract-unknown-code':
    'No registry is known on this chain, and the code of {registry} is not one this SDK knows: name the registry you trust.',
  'time-holds': 'The block that holds the {ground} has this time.',
  'event-proof-holds': 'The registry wrote the event in block {block}, proven up to the hash of the block.',
  'record-by-event': 'The registry’s event says that the transaction {what}.',
  'time-proven': 'The deposit is good from {time}.',
  'state-proof-holds': 'The registry’s storage in block {block} has this deposit, proven up to the hash of the block.',
  'record-by-state': 'The registry stores who, when and how; it counted block {block}.',
  'block-open':
    'The proof holds and leads to block {block} with the hash {hash}: give that hash (--block-hash) if you know it to be the chain’s.',
  'block-other': 'The proof leads to another block {block} than the one that is trusted.',
  'fingerprint-near': 'The fingerprint differs in {bits} of 256 bits, as two decoders of the same file may.',
  'fingerprint-other': 'The fingerprint computed from the file differs in {bits} of 256 bits.',
  'iscc-near': 'The ISCC differs in {bits} bits of its Content-Code, as two decoders of the same file may.',
  'iscc-differs': "The ISCC computed from the file differs from the document's in: {units}.",
  'document-not-given': 'Neither the document {cid} nor a storage that may have it was given.',
  'document-not-had': 'The storage does not give the document {cid}: {message}',
  'chain-silent': 'The chain could not be asked: {message}',
  'registry-unknown': 'No registry is known on chain {chainId}: pass a deployment with the one you trust.',
  fault: 'Could not be checked: {message}',
  'file-other-medium': 'The file is no {media}, which the deposit takes it for.',
  'preview-same': 'The picture on the page has the fingerprint of the deposit: {bits} of 256 bits differ.',
  'preview-other': 'The picture on the page is another: its fingerprint differs in {bits} of 256 bits.',
  'preview-frames-same': 'The frames on the page are of the film: {bits} of 256 bits differ.',
  'preview-frames-other': 'The frames on the page are not of the film: {bits} of 256 bits differ.',
  'certificate-unmakeable': 'The page cannot be made again: {message}',
  'preview-unreadable': 'The picture on the page has no fingerprint: {message}',
  'work-unreadable': 'The work cannot be read: {message}',
  'file-gives-none': 'The file gives none: {message}',
  'dependency-missing': '{message}',
  'certificate-unreadable': '{message}',
  'certificate-font-absent':
    'The page was set in {font} (SHA-256 {sha256}), which is not at hand: {remedy}. Until then its text proves nothing.',
  'part-missing': 'Could not be checked: the registry has no such {part}.',
} as const

/** What a check came to: a name that stays the same whatever the words. */
export type Finding = keyof typeof SENTENCES

/** What a check came to, for programs and for people. */
export interface Sentence {
  finding: Finding
  /** What the sentence names: addresses, numbers, times in ISO 8601; of a fault its `code` and `message`. */
  facts?: Readonly<Record<string, string | number>>
  /** A sentence for people: what was compared and what follows, or the reason for skipping. */
  explanation: string
}

/** A finding with its sentence. */
export function say(finding: Finding, facts?: Readonly<Record<string, string | number>>): Sentence {
  const explanation = (SENTENCES[finding] as string).replace(/\{(\w+)\}/g, (_, name: string) => String(facts![name]))
  return { finding, ...(facts === undefined ? {} : { facts }), explanation }
}

/** What is said of a fault. */
export function faultFacts({ code, shortMessage }: ColophonError): { code: string; message: string } {
  return { code, message: shortMessage }
}
