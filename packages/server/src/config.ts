import { isIP } from 'node:net'
import { parseArgs } from 'node:util'

/** How the server was told to run. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose a free one. */
  readonly port: number
  /** The folder that holds everything that is kept. */
  readonly dataFolder: string
  /** The address under which clients know the server, without a slash at its end. */
  readonly publicUrl?: string | undefined
  /** Addresses of proxies whose `X-Forwarded-…` headers are believed, joined by commas. */
  readonly trustProxy?: string | undefined
  /** A file that says what is set for each workspace. */
  readonly settingsFile?: string | undefined
  /** A file with events to put in before anything is served. */
  readonly seedFile?: string | undefined
  /** Origins of web pages that may ask; `*` for any. */
  readonly cors?: readonly string[] | undefined
}

/** The settings, for help and for reading: flag, environment variable, default, meaning. */
export const settings = [
  ['host', 'EVENTWELL_HOST', '127.0.0.1', 'address to listen on'],
  ['port', 'EVENTWELL_PORT', '4567', 'port to listen on; 0 for any free one'],
  ['data', 'EVENTWELL_DATA', './data', 'folder that holds everything that is kept'],
  ['settings', 'EVENTWELL_SETTINGS', 'none', 'file with the settings of workspaces'],
  ['seed', 'EVENTWELL_SEED', 'none', 'file with events to put in first'],
  ['public-url', 'EVENTWELL_PUBLIC_URL', 'none', 'address under which clients know the server'],
  ['trust-proxy', 'EVENTWELL_TRUST_PROXY', 'none', 'addresses of proxies to believe'],
  ['cors', 'EVENTWELL_CORS', 'none', 'origins of web pages that may ask, or * for any'],
] as const

type Flag = (typeof settings)[number][0]

/** A fault in how a command was called; its message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Reads flags, and the environment where there is no flag.
 * @throws UsageError for an unknown flag or a value that cannot be.
 */
export function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const flags = readFlags(args)
  function value(flag: Flag): string {
    const [, variable, ifAbsent] = settings.find(([name]) => name === flag)!
    return flags[flag] ?? (environment[variable] || ifAbsent)
  }
  const ifGiven = (flag: Flag) => (value(flag) === 'none' ? undefined : value(flag))
  return Object.freeze({
    host: value('host'),
    port: portOf(value('port')),
    dataFolder: value('data'),
    settingsFile: ifGiven('settings'),
    seedFile: ifGiven('seed'),
    publicUrl: publicUrlOf(ifGiven('public-url')),
    trustProxy: proxiesOf(ifGiven('trust-proxy')),
    cors: originsOf(ifGiven('cors')),
  })
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`The port must be a number from 0 to 65535, not "${text}".`)
}

/** It stands in headers between `<` and `>`, where clients look for the end with little care. */
function publicUrlOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    /^[\w.:/%~@+[\]-]+$/.test(url.href) &&
    url.username === '' &&
    url.password === ''
  if (isPlain) return url.href.replace(/\/+$/, '')
  throw new UsageError(
    `The public URL must be like https://events.example.com/path, without a query, not "${text}".`,
  )
}

/** Browsers send an origin in one spelling, and it is compared letter by letter. */
function originsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const origins = text.split(',').map((origin) => origin.trim())
  if (text.trim() === '*') return origins
  for (const origin of origins) {
    const isOrigin = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*\\]+$/.test(origin) && URL.canParse(origin)
    const { protocol, host, origin: own } = new URL(isOrigin ? origin : 'x:')
    // Only schemes of the web have an origin in the eyes of a URL.
    const spelled = own === 'null' ? `${protocol}//${host}` : own
    if (isOrigin && spelled === origin) continue
    const hint = isOrigin ? ` (browsers spell it ${spelled})` : ''
    throw new UsageError(
      'Origins for --cors are like https://app.example.com:8443, joined by commas and without a path, or * ' +
        `for any page; not "${origin}"${hint}.`,
    )
  }
  return origins
}

const proxyGroups = ['loopback', 'linklocal', 'uniquelocal']

function proxiesOf(text: string | undefined): string | undefined {
  for (const proxy of text?.split(',') ?? []) {
    if (proxyGroups.includes(proxy.trim()) || isAddressOrRange(proxy.trim())) continue
    throw new UsageError(
      `Trusted proxies are addresses or ranges joined by commas, like 10.0.0.7,192.168.0.0/16 ` +
        `(or ${proxyGroups.join(', ')}), not "${proxy}".`,
    )
  }
  return text
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  // A range of nearly everyone would believe nearly everyone, and so would one of IPv4 within IPv6.
  const [least, most] = family === 6 ? [16, 128] : [8, 32]
  const isMapped = family === 6 && address.includes('.')
  return !isMapped && /^\d{1,3}$/.test(bits) && Number(bits) >= least && Number(bits) <= most
}

function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(settings.map(([flag]) => [flag, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values as Record<
      string,
      string | undefined
    >
  } catch (error) {
    const [reason] = (error as Error).message.split('.')
    throw new UsageError(`${reason}. "npm start -- --help" shows the flags.`)
  }
}
