import { ColophonError } from '../errors/base.ts'
import { CHANNELS, type Channel, TERRITORIES, type Territory } from '../terms/index.ts'

/** Somebody who may show works: the owner's own pages, a customer, a licensee. */
export interface Permission {
  /** A host (`example.org`), a host and all below it (`*.example.org`), or the beginning of addresses (`https://example.org/shop/`). */
  where: string
  /** The work that may be shown; every one by default. */
  work?: string
  /** Id of the license under which it is shown; it has to be in force. */
  license?: string
  /** Where and how it is used there; with a license. */
  territory?: Territory
  channel?: Channel
  /** ISO 8601; from then on it is no longer permitted. */
  until?: string
  note?: string
}

/** Says whether a license of the work is in force. */
export type LicenseCheck = (license: string, work: string, permission: Permission) => Promise<boolean>

/** What speaks for a use. */
export interface Permitted {
  permitted: boolean
  permission: Permission
  /** In a sentence. */
  reason: string
}

export interface Permissions {
  /** What is known of the use of a work on a page; undefined where nothing is. */
  of(page: string, work: string): Promise<Permitted | undefined>
}

/**
 * @param inForce - asked once for each license and work; without it no license counts
 * @throws ColophonError `WATCH_INPUT_INVALID`
 */
export function createPermissions(list: readonly Permission[], inForce?: LicenseCheck): Permissions {
  const rules = list.map((permission, index) => ({ permission, matches: matcherOf(permission, index) }))
  const asked = new Map<string, Promise<boolean>>()
  const active = (permission: Permission & { license: string }, work: string): Promise<boolean> => {
    const key = JSON.stringify([permission.license, work, permission.territory, permission.channel])
    const known = asked.get(key) ?? (inForce === undefined ? Promise.resolve(false) : inForce(permission.license, work, permission))
    asked.set(key, known)
    return known
  }
  return {
    async of(page, work) {
      let lapsed: Permitted | undefined
      for (const { permission, matches } of rules) {
        if (!matches(page) || (permission.work !== undefined && permission.work !== work)) continue
        const { license, until, note, where } = permission
        const said = note === undefined ? '' : `: ${note}`
        if (until !== undefined && Date.parse(until) <= Date.now()) {
          lapsed ??= { permitted: false, permission, reason: `Permission for ${where} ended at ${until}${said}.` }
          continue
        }
        if (license === undefined) return { permitted: true, permission, reason: `Permitted on ${where}${said}.` }
        if (await active({ ...permission, license }, work))
          return { permitted: true, permission, reason: `License ${license} is in force for ${where}${said}.` }
        lapsed ??= {
          permitted: false,
          permission,
          reason:
            inForce === undefined
              ? `License ${license} could not be checked.`
              : `License ${license} is not in force, or not of this work${said}.`,
        }
      }
      return lapsed
    },
  }
}

function matcherOf(permission: Permission, index: number): (page: string) => boolean {
  const { where, until, license, territory, channel } = permission
  if (typeof where !== 'string') throw invalid(index, 'where', where, 'a host or the beginning of addresses')
  if (until !== undefined && Number.isNaN(Date.parse(until))) throw invalid(index, 'until', until, 'a time in ISO 8601')
  if (license !== undefined && (territory === undefined || channel === undefined))
    throw invalid(index, 'territory', territory, 'territory and channel in which the license is used')
  if (territory !== undefined && !(TERRITORIES as readonly string[]).includes(territory))
    throw invalid(index, 'territory', territory, 'a territory')
  if (channel !== undefined && !(CHANNELS as readonly string[]).includes(channel)) throw invalid(index, 'channel', channel, 'a channel')
  if (/^(?:https?|file):\/\//.test(where) && URL.canParse(where)) {
    const { origin, pathname, protocol } = new URL(where)
    const beginning = pathname.endsWith('/') ? pathname : `${pathname}/`
    return (page) => {
      const url = new URL(page)
      // file: addresses have no origin to compare.
      const same = protocol === 'file:' ? url.protocol === 'file:' : url.origin === origin
      return same && (url.pathname === pathname || url.pathname.startsWith(beginning))
    }
  }
  const host = /^(\*\.)?((?:[\p{L}\p{N}-]+\.)*[\p{L}\p{N}-]+|\[[0-9a-f:]+\])(:\d+)?$/iu.exec(where)
  if (host === null)
    throw invalid(index, 'where', where, 'a host such as example.org or *.example.org, or https:// and the beginning of addresses')
  // As addresses have it: lower case, Punycode.
  const name = new URL(`http://${host[2]}`).hostname
  return (page) => {
    const { hostname, port, protocol } = new URL(page)
    if (host[3] !== undefined && `:${port || (protocol === 'https:' ? 443 : 80)}` !== host[3]) return false
    return hostname === name || (host[1] !== undefined && hostname.endsWith(`.${name}`))
  }
}

function invalid(index: number, field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('WATCH_INPUT_INVALID', `Permission ${index + 1} is not right: ${field} should be ${expected}.`, {
    hint: 'Correct the list of permissions; docs/monitor.md shows one.',
    details: { index, field, found: String(found).slice(0, 200) },
  })
}
