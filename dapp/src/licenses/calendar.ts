/** When a license ends, for a calendar. */
export interface Reminder {
  id: string
  title: string
  ends: Date
  about: string
}

/** Days before the end at which a calendar reminds. */
const BEFORE = ['P30D', 'P7D', 'P1D']

/** A calendar file (RFC 5545) with an entry and three alarms for each. */
export function calendarOf(reminders: readonly Reminder[], now: Date): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Colophon//dApp//EN', 'CALSCALE:GREGORIAN']
  for (const { id, title, ends, about } of reminders) {
    lines.push('BEGIN:VEVENT', `UID:${id}@colophon`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(ends)}`)
    lines.push(`SUMMARY:${escaped(title)}`, `DESCRIPTION:${escaped(about)}`)
    for (const before of BEFORE)
      lines.push('BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:-${before}`, `DESCRIPTION:${escaped(title)}`, 'END:VALARM')
    lines.push('END:VEVENT')
  }
  lines.push('END:VCALENDAR')
  return `${lines.flatMap(folded).join('\r\n')}\r\n`
}

function stamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

/** No line has more than 75 octets; what follows begins with a space. */
function folded(line: string): string[] {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const more = new TextEncoder().encode(character).length
    if (octets + more > 74) {
      parts.push(part)
      part = ' '
      octets = 1
    }
    part += character
    octets += more
  }
  return [...parts, part]
}
