import { expect } from 'chai'
import { ColophonError } from '../src/errors/base.ts'

/** Runs something that must fail with a `ColophonError` of this code, and gives the error. */
export async function expectError(code: string, run: () => unknown): Promise<ColophonError> {
  try {
    await run()
  } catch (error) {
    expect(error, error instanceof Error ? error.stack : String(error)).to.be.instanceOf(ColophonError)
    const found = error as ColophonError
    expect(found.code, found.stack).to.equal(code)
    expect(found.hint, `${code} has no hint`).to.be.a('string').and.not.equal('')
    expect(found.docsUrl).to.match(new RegExp(`#${code.toLowerCase()}$`))
    expect(() => JSON.stringify(found.toJSON()), 'its details are not JSON-safe').not.to.throw()
    return found
  }
  throw new Error(`Nothing was thrown; expected ${code}.`)
}
