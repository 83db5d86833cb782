/**
 * The Content-Security-Policy of the dApp: nothing from elsewhere but answers of the addresses it is configured with.
 *
 * WebAssembly is the SDK's own, compiled from bytes that are part of the bundle. `frame-ancestors` works as a header only, so that servers should
 * send the policy too.
 * @param origins RPC, gateways, storage and relay, where they are not the page's own origin
 * @param replay origins that replay captured pages, the only ones that are ever framed: `https://replay.example`, `https://*.replay.example`
 */
export function contentSecurityPolicy(
  origins: readonly string[],
  { header = false, replay = [] }: { header?: boolean; replay?: readonly string[] } = {},
): string {
  const rules: [string, ...string[]][] = [
    ['default-src', "'none'"],
    ['script-src', "'self'", "'wasm-unsafe-eval'"],
    // And the one rule that React Aria puts into the page by itself, which says how pressable things take touches.
    ['style-src', "'self'", "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"],
    ['font-src', "'self'"],
    // Previews of the user's own files, and icons that wallets announce.
    ['img-src', "'self'", 'blob:', 'data:'],
    ['media-src', 'blob:'],
    ['worker-src', "'self'"],
    ['connect-src', "'self'", ...origins],
    ['manifest-src', "'self'"],
    ...(replay.length > 0 ? ([['frame-src', ...replay]] as [string, ...string[]][]) : []),
    ['base-uri', "'none'"],
    ['form-action', "'none'"],
    ['object-src', "'none'"],
    ['require-trusted-types-for', "'script'"],
    ['trusted-types', 'colophon-workers'],
    ...(header ? ([['frame-ancestors', "'none'"]] as [string, string][]) : []),
  ]
  return rules.map((rule) => rule.join(' ')).join('; ')
}
