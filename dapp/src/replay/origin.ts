/** Of an archive's hash, as many hex digits as tell archives apart and a host's name can have. */
const DIGITS = 40

/**
 * The origin that replays an archive.
 * @param replay of the settings, perhaps with `{archive}` in it
 * @param sha256 of the archive, `0x` and 64 hex digits
 */
export function replayOrigin(replay: string, sha256: string): string {
  return new URL(replay.replaceAll('{archive}', sha256.slice(2, 2 + DIGITS).toLowerCase())).origin
}
