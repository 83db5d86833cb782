import { installPeer } from '../../scripts/setup/peers.ts'

/** Fetches an optional package before the tests of this block, or skips them where no registry is to be had. */
export function needPeer(name: Parameters<typeof installPeer>[0]): void {
  before(function () {
    this.timeout(320_000)
    if (!installPeer(name)) this.skip()
  })
}
