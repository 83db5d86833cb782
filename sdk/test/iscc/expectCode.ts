import { expect } from 'chai'
import { ColophonError } from '../../src/errors/base.ts'

/** Expects `call` to throw a ColophonError with this code. */
export function expectCode(call: () => unknown, code: string): void {
  expect(caught(call), code).to.equal(code)
}

/** Expects `promise` to reject with a ColophonError with this code. */
export async function expectRejectionCode(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error, code).to.be.instanceOf(ColophonError)
  expect((error as ColophonError).code).to.equal(code)
}

function caught(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    if (error instanceof ColophonError) return error.code
    throw error
  }
  return 'no error'
}
