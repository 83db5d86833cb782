interface ScriptPolicy {
  createScriptURL(url: string): string
}

declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy }
  }
}

let policy: ScriptPolicy | undefined

/** The address of a script of the app's own, as its security policy wants it for workers. Whatever comes from elsewhere is refused. */
export function ownScript(address: string): string {
  const rules: ScriptPolicy = {
    createScriptURL(url) {
      if (new URL(url, location.href).origin !== location.origin) throw new Error('Workers come from the page itself.')
      return url
    },
  }
  policy ??= window.trustedTypes?.createPolicy('colophon-workers', rules) ?? rules
  return policy.createScriptURL(address)
}
