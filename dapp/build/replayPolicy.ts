/**
 * What the replay origin's server sends along with each of its files, and with its errors too: a page without a policy on that origin would be a way out for
 * what is replayed there. Answers for replayed pages have the policy of `dapp/replay/guard/guard.ts`.
 *
 * @param origin - of the replay, such as `https://replay.example`; or one for all archives, `https://*.replay.example`
 * @param embedders - origins of the dApps that may show it
 */
export function replayHeaders(origin: string, embedders: readonly string[]): Record<string, string> {
  const rules: [string, ...string[]][] = [
    ['default-src', "'none'"],
    ['script-src', "'self'"],
    ['style-src', "'self'", "'unsafe-inline'"],
    // The archive, which the page has in its memory, and what the service worker answers.
    ['connect-src', "'self'", 'blob:'],
    ['frame-src', "'self'"],
    // With the guard, and never the viewer's own service worker without it.
    ['worker-src', `${origin}/viewer/guard.js`],
    ['base-uri', "'none'"],
    ['form-action', "'none'"],
    ['frame-ancestors', ...embedders],
  ]
  return {
    'content-security-policy': rules.map((rule) => rule.join(' ')).join('; '),
    'connection-allowlist': '(response-origin)',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
  }
}
