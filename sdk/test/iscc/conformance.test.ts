import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import {
  genAudioCode,
  genDataCode,
  genImageCode,
  genInstanceCode,
  genIsccCode,
  genMetaCode,
  genMixedCode,
  genTextCode,
  genVideoCode,
  type JsonValue,
} from '../../src/iscc/index.ts'

const VECTORS = fileURLToPath(new URL('../../../../shared/data/iscc-core/data.json', import.meta.url))

interface Vector {
  // biome-ignore lint/suspicious/noExplicitAny: each function has inputs of its own
  inputs: any[]
  outputs: Record<string, unknown>
}

const stream = (text: string): Uint8Array => {
  if (!text.startsWith('stream:')) throw new Error(`Not a byte stream: ${text.slice(0, 20)}`)
  return Uint8Array.from(Buffer.from(text.slice('stream:'.length), 'hex'))
}

/** Each function of the vectors, with the number of its vectors, as a call of ours. */
const FUNCTIONS: Record<string, { count: number; call: (inputs: Vector['inputs']) => object }> = {
  gen_meta_code_v0: {
    count: 20,
    call: ([name, description, meta, bits]) =>
      genMetaCode(name, { description, ...(meta === null ? {} : { meta: meta as string | { [key: string]: JsonValue } }), bits }),
  },
  gen_text_code_v0: { count: 5, call: ([text, bits]) => genTextCode(text, { bits }) },
  gen_image_code_v0: { count: 3, call: ([pixels, bits]) => genImageCode(pixels, { bits }) },
  gen_audio_code_v0: { count: 5, call: ([features, bits]) => genAudioCode(features, { bits }) },
  gen_video_code_v0: { count: 3, call: ([frames, bits]) => genVideoCode(frames, { bits }) },
  gen_mixed_code_v0: { count: 2, call: ([codes, bits]) => genMixedCode(codes, { bits }) },
  gen_data_code_v0: { count: 4, call: ([data, bits]) => genDataCode(stream(data), { bits }) },
  gen_instance_code_v0: { count: 3, call: ([data, bits]) => genInstanceCode(stream(data), { bits }) },
  gen_iscc_code_v0: { count: 5, call: ([codes]) => genIsccCode(codes) },
}

describe('iscc: conformance to the official vectors of ISO 24138:2024', () => {
  const found = existsSync(VECTORS)
  const data: Record<string, Record<string, Vector>> = found ? JSON.parse(readFileSync(VECTORS, 'utf8')) : {}

  if (!found) {
    it('needs the vectors file data/iscc-core/data.json beside the checkout, which is absent', function () {
      this.skip()
    })
    return
  }

  it('knows every function of the vectors and finds all 50 vectors', () => {
    const names = Object.keys(data).filter((name) => name !== '_metadata')
    expect(names).to.have.members(Object.keys(FUNCTIONS))
    for (const name of names) expect(Object.keys(data[name]!), name).to.have.length(FUNCTIONS[name]!.count)
    expect(Object.values(FUNCTIONS).reduce((sum, { count }) => sum + count, 0)).to.equal(50)
  })

  for (const [name, { call }] of Object.entries(FUNCTIONS)) {
    for (const [test, { inputs, outputs }] of Object.entries(data[name] ?? {})) {
      it(`${name} ${test}`, () => {
        expect(call(inputs)).to.deep.equal(outputs)
      })
    }
  }
})
