import { ColophonError } from '../errors/base.ts'
import type { CaptureOptions, Evidence } from './capture.node.ts'

/** A page in a browser may not load another site's page whole. */
export async function captureEvidence(url: string, _options?: CaptureOptions): Promise<Evidence> {
  throw new ColophonError('CAPTURE_FAILED', 'A page cannot be captured from inside a browser.', {
    hint: 'Use the command line or a server: colophon capture URL',
    details: { url },
  })
}
