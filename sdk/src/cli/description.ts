import { parse } from 'node:path'
import { type Command, Option } from 'commander'
import type { Party, WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import { readText } from './output.ts'
import type { Session } from './session.ts'

/** What the command line says of a work. */
export interface DescriptionOptions {
  title?: string
  creator?: string[]
  about?: string
  created?: string
  published?: string
  language?: string
  keyword?: string[]
  rightsHolder?: string
  derivedFrom?: string[]
  aiGeneration?: 'none' | 'assisted' | 'composite' | 'generated'
  aiTraining?: 'allowed' | 'notAllowed' | 'constrained'
  description?: string
}

/** Adds the options that describe a work. */
export function addDescriptionOptions(command: Command): Command {
  const several = (value: string, earlier: string[] = []): string[] => [...earlier, value]
  return command
    .optionsGroup('What is known of the work:')
    .option('--title <text>', 'its title')
    .option('--creator <name>', 'who made it, "Name" or "Name (role)"; may be repeated', several)
    .option('--about <text>', 'what it is, in a few sentences')
    .option('--created <date>', 'when it was made: 2024, 2024-05 or 2024-05-17')
    .option('--published <date[,country]>', 'first publication, as 2024-05-17,FR')
    .option('--language <tag>', 'its language, as en or zh-Hans')
    .option('--keyword <word>', 'a keyword; may be repeated', several)
    .option('--rights-holder <name>', 'who holds the rights, if not the creators')
    .option('--derived-from <id>', 'deposit that it builds on; may be repeated', several)
    .addOption(new Option('--ai-generation <share>', 'generative AI in its making').choices(['none', 'assisted', 'composite', 'generated']))
    .addOption(new Option('--ai-training <answer>', 'whether AI may be trained on it').choices(['allowed', 'notAllowed', 'constrained']))
    .option('--description <file>', 'JSON file with all of this, in the fields of the deposit document')
}

/**
 * The description of one work: options over the description file, and the settings for what neither says.
 * @throws CREATOR_MISSING, DESCRIPTION_INVALID
 */
export async function describeWork(session: Session, options: DescriptionOptions, fileName: string): Promise<WorkDescription> {
  const stored = options.description === undefined ? {} : await readDescription(options.description)
  return describe(session, options, stored, fileName)
}

/** The same when the stored description is at hand. */
export function describe(
  { settings }: Session,
  options: DescriptionOptions,
  stored: Partial<WorkDescription>,
  fileName: string,
): WorkDescription {
  const creators = options.creator?.map(partyOf) ?? stored.creators ?? (settings.creator === undefined ? [] : [partyOf(settings.creator)])
  if (creators.length === 0)
    throw new ColophonError('CREATOR_MISSING', 'Who made the work is not known.', {
      hint: 'Give --creator "Name", or set creator in the configuration file.',
    })
  const [date, country] = options.published?.split(',').map((part) => part.trim()) ?? []
  return {
    ...stored,
    title: options.title ?? stored.title ?? parse(fileName).name,
    creators,
    ...(options.about === undefined ? {} : { description: options.about }),
    ...(options.created === undefined ? {} : { created: options.created }),
    ...(date === undefined ? {} : { firstPublication: { date, ...(country === undefined ? {} : { country }) } }),
    ...(options.language === undefined ? {} : { language: options.language }),
    ...(options.keyword === undefined ? {} : { keywords: options.keyword }),
    ...(options.rightsHolder === undefined ? {} : { rightsHolder: { name: options.rightsHolder } }),
    ...(options.derivedFrom === undefined
      ? {}
      : { priorWorks: options.derivedFrom.map((deposit) => ({ relation: 'derivedFrom' as const, deposit })) }),
    ...(options.aiGeneration === undefined ? {} : { aiGeneration: options.aiGeneration }),
    ...(options.aiTraining === undefined ? {} : { aiTraining: options.aiTraining }),
  }
}

/** `Ada Lovelace (author)`. */
function partyOf(text: string): Party {
  const found = /^(.*\S)\s*\(([^()]+)\)$/.exec(text.trim())
  return found === null ? { name: text.trim() } : { name: found[1]!, role: found[2]!.trim() }
}

/** A JSON object from a file; what it may hold is checked with the document. */
export async function readDescription<Value extends object = Partial<WorkDescription>>(file: string): Promise<Value> {
  const text = await readText(file)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value
  } catch {
    // Reported below.
  }
  throw new ColophonError('DESCRIPTION_INVALID', `${file} is no JSON object.`, {
    hint: 'Write the fields of the deposit document: title, creators, created …',
    details: { file },
  })
}
