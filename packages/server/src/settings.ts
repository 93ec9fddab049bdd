import Type from 'typebox'
import { isWorkspaceName } from './core/access.ts'
import { Shape } from './core/shape.ts'
import type { Settings } from './core/settings.ts'
import type { Dialect } from './dialects/contract.ts'
import { readJsonFile } from './json-file.ts'

/** What the operator decided for each workspace, beyond what concerns one dialect. */
export interface ServerSettings extends Settings {
  /** How many requests a key of a workspace may make in a minute; undefined for any number. */
  requestsPerMinute(workspace: string): number | undefined
}

type WorkspaceSettings = Readonly<Record<string, unknown>> & { readonly requestsPerMinute?: number }

const requestsPerMinuteMax = 1_000_000

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
  }
}

function parse(file: string, dialects: readonly Dialect[]): Map<string, WorkspaceSettings> {
  const content = readJsonFile(file)
  const faults = shapeOf(dialects).faults(content)
  if (faults.length > 0) {
    const lines = faults.map(({ path, problem }) => `  ${path || 'the whole'} ${problem}`)
    throw new Error(`The settings in ${file} cannot be:\n${lines.join('\n')}`)
  }
  const { workspaces } = content as { workspaces: Record<string, WorkspaceSettings> }
  const wrong = Object.keys(workspaces).find((name) => !isWorkspaceName(name))
  if (wrong === undefined) return new Map(Object.entries(workspaces))
  throw new Error(
    `The settings in ${file} name the workspace "${wrong}"; a name is made of letters, digits, "_", "-".`,
  )
}

function shapeOf(dialects: readonly Dialect[]): Shape {
  const closed = { additionalProperties: false }
  const general = {
    requestsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: requestsPerMinuteMax })),
  }
  const own = dialects.flatMap(({ name, settings }) =>
    settings === undefined ? [] : [[name, Type.Optional(settings)] as const],
  )
  const workspace = Type.Object({ ...general, ...Object.fromEntries(own) }, closed)
  return new Shape(Type.Object({ workspaces: Type.Record(Type.String(), workspace) }, closed))
}
