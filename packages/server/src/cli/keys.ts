import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { UsageError, settings } from '../config.ts'
import { scopes, type Scope } from '../core/access.ts'
import { KeyRing } from '../keys/key-ring.ts'

const [, dataVariable, dataDefault] = settings.find(([flag]) => flag === 'data')!

const help = `Usage: eventwell keys <action> [flags]

  create --name NAME [--workspace default] [--scope read,write]   make a key and show it, once
  list                                                            show all keys, without the keys themselves
  revoke --name NAME                                              make a key useless

  --data FOLDER   the server's data folder (${dataVariable}; default ${dataDefault})

A scope is what the key is good for: read (events), write (putting events in), erase (erasing events) and
metrics (reading the server's own numbers).

A running server takes note of changes within a second.`

const options = {
  name: { type: 'string' },
  workspace: { type: 'string', default: 'default' },
  scope: { type: 'string', default: 'read,write' },
  data: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** Makes, lists and revokes the keys of a data folder. */
export function keys(args: readonly string[]): void {
  const { values, positionals } = parse(args)
  const [action] = positionals
  if (values.help === true || action === undefined) return console.log(help)
  if (positionals.length > 1) throw new UsageError(`What is "${positionals[1]}"?\n\n${help}`)
  const dataFolder = values.data ?? (process.env[dataVariable] || dataDefault)
  if (action !== 'create' && !existsSync(dataFolder)) {
    throw new UsageError(`There is no data folder at ${dataFolder}; say where it is with --data.`)
  }
  const ring = new KeyRing(dataFolder)
  try {
    switch (action) {
      case 'create':
        return create(ring, named(values.name), values.workspace, scopesOf(values.scope))
      case 'list':
        return list(ring)
      case 'revoke':
        return revoke(ring, named(values.name))
      default:
        throw new UsageError(`There is no action "${action}".\n\n${help}`)
    }
  } finally {
    ring.close()
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`)
  }
}

function create(ring: KeyRing, name: string, workspace: string, scopes: readonly Scope[]): void {
  const key = ring.create(name, workspace, scopes)
  console.log(
    `${key}\n\nThis is the key "${name}" for the workspace "${workspace}" (${scopes.join(', ')}).\n` +
      'It is shown only now: store it where its user can read it.',
  )
}

function list(ring: KeyRing): void {
  const records = ring.list()
  if (records.length === 0)
    return console.log('There are no keys. Make one with  keys create --name NAME')
  for (const { name, workspace, scopes, createdAt } of records) {
    console.log(
      `${name.padEnd(20)} ${workspace.padEnd(16)} ${scopes.join(',').padEnd(24)} ${createdAt}`,
    )
  }
}

function revoke(ring: KeyRing, name: string): void {
  if (!ring.revoke(name)) throw new UsageError(`There is no key named "${name}".`)
  console.log(`The key "${name}" is revoked.`)
}

function named(name: string | undefined): string {
  if (name === undefined) throw new UsageError('Say which key with --name NAME.')
  return name
}

function scopesOf(text: string): Scope[] {
  const given = new Set(text.split(',').map((scope) => scope.trim()))
  const unknown = [...given].find((scope) => !scopes.some((known) => known === scope))
  if (unknown !== undefined) {
    throw new UsageError(`There is no scope "${unknown}"; there are ${scopes.join(', ')}.`)
  }
  return scopes.filter((scope) => given.has(scope))
}
