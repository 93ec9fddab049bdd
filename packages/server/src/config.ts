import { parseArgs } from 'node:util'

/** How the server was told to run. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose a free one. */
  readonly port: number
  /** The folder that holds everything that is kept. */
  readonly dataFolder: string
}

/** The settings, for help and for reading: flag, environment variable, default, meaning. */
export const settings = [
  ['host', 'EVENTWELL_HOST', '127.0.0.1', 'address to listen on'],
  ['port', 'EVENTWELL_PORT', '4567', 'port to listen on; 0 for any free one'],
  ['data', 'EVENTWELL_DATA', './data', 'folder that holds everything that is kept'],
] as const

/** A fault in how a command was called; its message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Reads flags, and the environment where there is no flag.
 * @throws UsageError for an unknown flag or a value that cannot be.
 */
export function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const values = readFlags(args)
  const [host, port, dataFolder] = settings.map(
    ([flag, variable, ifAbsent]) => values[flag] ?? (environment[variable] || ifAbsent),
  )
  if (!/^\d{1,5}$/.test(port!) || Number(port) > 65_535) {
    throw new UsageError(`The port must be a number from 0 to 65535, not "${port}".`)
  }
  return Object.freeze({ host: host!, port: Number(port), dataFolder: dataFolder! })
}

function readFlags(args: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(settings.map(([flag]) => [flag, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values as Record<
      string,
      string | undefined
    >
  } catch (error) {
    throw new UsageError((error as Error).message.split('.')[0] + '.')
  }
}
