import Type from 'typebox'
import { isWorkspaceName } from './core/access.ts'
import { defaultLimits } from './core/limits.ts'
import type { Retention } from './core/removal/retention.ts'
import { Shape } from './core/shape.ts'
import type { Settings } from './core/settings.ts'
import type { Dialect } from './dialects/contract.ts'
import { readJsonFile } from './json-file.ts'

/** What the operator decided for each workspace, beyond what concerns one dialect. */
export interface ServerSettings extends Settings {
  /** How many requests a key of a workspace may make in a minute; undefined for any number. */
  requestsPerMinute(workspace: string): number | undefined
  /** How many events a key of a workspace may put in in a minute; undefined for any number. */
  eventsPerMinute(workspace: string): number | undefined
  /** How long a workspace keeps its events; `{}` where nothing is set: for ever. */
  retention(workspace: string): Retention
}

type WorkspaceSettings = Readonly<Record<string, unknown>> & {
  readonly requestsPerMinute?: number
  readonly eventsPerMinute?: number
  readonly retention?: Retention
}

interface SettingsFile {
  readonly workspaces?: Readonly<Record<string, WorkspaceSettings>>
}

const requestsPerMinuteMax = 1_000_000
const eventsPerMinuteMax = 1_000_000_000
const retentionTypesMax = 200
// A hundred years.
const retentionDaysMax = 36_525
const secretsMax = 100

/**
 * Reads a settings file; without one nothing is set.
 * @throws Error that names each value that cannot be, but never shows it: it may be a secret.
 */
export function readSettings(
  file: string | undefined,
  dialects: readonly Dialect[],
): ServerSettings {
  const workspaces =
    file === undefined ? new Map<string, WorkspaceSettings>() : parse(file, dialects)
  return {
    workspaces: [...workspaces.keys()],
    of: (workspace, dialect) => (workspaces.get(workspace)?.[dialect] ?? {}) as object,
    requestsPerMinute: (workspace) => workspaces.get(workspace)?.requestsPerMinute,
    eventsPerMinute: (workspace) => workspaces.get(workspace)?.eventsPerMinute,
    retention: (workspace) => workspaces.get(workspace)?.retention ?? {},
  }
}

function parse(file: string, dialects: readonly Dialect[]): Map<string, WorkspaceSettings> {
  const content = readJsonFile(file)
  const faults = shapeOf(dialects).faults(content)
  if (faults.length > 0) {
    const lines = faults.map(({ path, problem }) => `  ${path || 'the file'} ${problem}`)
    throw new Error(`The settings in ${file} are not valid:\n${lines.join('\n')}`)
  }
  checkSecrets(file, content)
  checkRetention(file, content)
  const { workspaces = {} } = content as SettingsFile
  const wrong = Object.keys(workspaces).find((name) => !isWorkspaceName(name))
  if (wrong === undefined) return new Map(Object.entries(workspaces))
  throw new Error(
    `The settings in ${file} name the workspace "${wrong}"; a name is made of letters, digits, "_", "-".`,
  )
}

/**
 * A delivery belongs to the workspace whose secret it is signed with, so no two may have the same; and all
 * of them are tried for a delivery of somebody unknown, so there may not be too many.
 */
function checkSecrets(file: string, content: object): void {
  const owners = new Map<string, string>()
  for (const [workspace, own] of Object.entries((content as SettingsFile).workspaces ?? {})) {
    for (const [dialect, settings] of Object.entries(own)) {
      const { webhookSecrets = [] } = settings as { webhookSecrets?: readonly string[] }
      for (const secret of webhookSecrets) {
        const place = `workspaces.${workspace}.${dialect}.webhookSecrets`
        const owner = owners.get(`${dialect} ${secret}`)
        owners.set(`${dialect} ${secret}`, place)
        if (owner === undefined || owner === place) continue
        throw new Error(`The settings in ${file} have one secret twice: in ${owner} and ${place}.`)
      }
    }
  }
  if (owners.size <= secretsMax) return
  throw new Error(`The settings in ${file} have more than ${secretsMax} webhook secrets.`)
}

/** A rule for types that can never be would be a rule that somebody believes in. */
function checkRetention(file: string, content: object): void {
  for (const [workspace, own] of Object.entries((content as SettingsFile).workspaces ?? {})) {
    const types = Object.keys(own.retention?.types ?? {})
    const place = `workspaces.${workspace}.retention.types`
    const wrong = types.find((type) => !isTypePattern(type))
    if (wrong !== undefined) {
      throw new Error(
        `The settings in ${file} have "${wrong}" in ${place}: name a type, or how types begin with one "*" ` +
          'at the end, as debug.*; for all types, set days.',
      )
    }
    if (types.length > retentionTypesMax) {
      throw new Error(`The settings in ${file} have more than ${retentionTypesMax} ${place}.`)
    }
  }
}

function isTypePattern(type: string): boolean {
  return /^[^*]+\*?$/.test(type) && type.length <= defaultLimits.nameCharsMax
}

function shapeOf(dialects: readonly Dialect[]): Shape {
  const closed = { additionalProperties: false }
  const days = Type.Number({ exclusiveMinimum: 0, maximum: retentionDaysMax })
  const general = {
    requestsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: requestsPerMinuteMax })),
    eventsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: eventsPerMinuteMax })),
    retention: Type.Optional(
      Type.Object(
        {
          days: Type.Optional(days),
          types: Type.Optional(Type.Record(Type.String(), days)),
        },
        closed,
      ),
    ),
  }
  const own = dialects.flatMap(({ name, settings }) =>
    settings === undefined ? [] : [[name, Type.Optional(settings)] as const],
  )
  const workspace = Type.Object({ ...general, ...Object.fromEntries(own) }, closed)
  const workspaces = Type.Optional(Type.Record(Type.String(), workspace))
  return new Shape(Type.Object({ workspaces }, closed), Infinity)
}
