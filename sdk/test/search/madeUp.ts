import { sha256 } from 'ethers'
import { bytesToHex } from '../../src/hex/index.ts'
import { createDataCode, createInstanceCode, decodeUnit, genIsccCode } from '../../src/iscc/index.ts'

/** What every fingerprint has, of bytes that stand for a file and of the ISCC of its content: for works that no decoder has read. */
export function identityOf(bytes: Uint8Array, isccContent: string) {
  const [data, instance] = [createDataCode(), createInstanceCode()]
  data.update(bytes)
  instance.update(bytes)
  const units = { content: isccContent, data: data.code({ bits: 256 }).iscc, instance: instance.code({ bits: 256 }).iscc }
  return {
    version: 1,
    size: bytes.length,
    sha256: sha256(bytes) as `0x${string}`,
    iscc: genIsccCode(Object.values(units)).iscc,
    units,
    bits: bytesToHex(decodeUnit(isccContent).digest),
  } as const
}
