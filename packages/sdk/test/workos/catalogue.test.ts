import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Type, type TSchema } from 'typebox'
import { eventNames } from '../../src/workos/index.ts'
import { catalogue, seedNames } from '../../../server/src/dialects/workos/catalogue.ts'
import {
  anyContext,
  flagContext,
  flagRuleContext,
} from '../../../server/src/dialects/workos/contexts.ts'

// The client's names and payload types beside the server's catalogue, which was made from the vendor's
// document by itself. Types are compared by the compiler: the schemas are written down as types for it.

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** A schema as a type; enums are texts here. */
function typeOf(schema: TSchema): string {
  if (Type.IsObject(schema)) {
    const required: readonly string[] = 'required' in schema ? (schema.required as string[]) : []
    const members = Object.entries(schema.properties).map(([key, inner]) => {
      return `${key}${required.includes(key) ? '' : '?'}: ${typeOf(inner)}`
    })
    return `{ ${members.join('; ')} }`
  }
  if (Type.IsUnion(schema)) return schema.anyOf.map(typeOf).join(' | ')
  if (Type.IsArray(schema)) return `(${typeOf(schema.items)})[]`
  if (Type.IsLiteral(schema)) return JSON.stringify(schema.const)
  if (Type.IsRecord(schema)) return 'Record<string, unknown>'
  if (Type.IsBoolean(schema)) return 'boolean'
  if (Type.IsInteger(schema)) return 'number'
  if (Type.IsNull(schema)) return 'null'
  assert.ok(Type.IsString(schema), JSON.stringify(schema))
  return 'string'
}

// The same key by key, and in both an optional key is an optional one. An enum that may grow is a text.
const comparison = `
type Plain<T> = T extends string ? (string & {} extends T ? string : T)
  : T extends readonly (infer Item)[] ? Plain<Item>[]
  : T extends object ? (string extends keyof T ? 'attributes' : { [Key in keyof T]: Plain<T[Key]> })
  : T
type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends (<T>() => T extends Other ? 1 : 2) ? true : false
type Same<Ours, Theirs> = Equal<Plain<Ours>, Plain<Theirs>>
const same = <Claim extends true>() => {}
`

/** A program that does not compile unless the types are the same; a claim stands on one line. */
function program(claims: readonly (readonly [ours: string, theirs: string])[]): string {
  const source = join(root, 'packages/sdk/src/workos/index.ts')
  const lines = claims.map(([ours, theirs]) => `same<Same<${ours}, ${theirs}>>()`)
  return `import type * as workos from '${source}'\n${comparison}\n${lines.join('\n')}\n`
}

const folder = mkdtempSync(join(tmpdir(), 'eventwell-types-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The lines of a program that the compiler does not take. */
async function refused(text: string): Promise<string[]> {
  writeFileSync(join(folder, 'claims.ts'), text)
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: 'nodenext',
    target: 'esnext',
    lib: ['esnext', 'dom'],
    types: [],
  }
  const config = { compilerOptions, files: ['claims.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js')
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], (_, stdout) =>
      resolve(stdout),
    )
  })
  const lines = text.split('\n')
  return [...output.matchAll(/^(.*)\((\d+),\d+\): error.*$/gm)].map(([error, , line]) => {
    return lines[Number(line) - 1]?.startsWith('same<') ? lines[Number(line) - 1]! : error
  })
}

describe('the catalogue of the client', () => {
  it('has the names of the server’s, and the constants of the seed', () => {
    const names = new Set<string>(Object.values(eventNames))
    const others = ['organization_membership.added', 'organization_membership.removed']
    assert.deepEqual([...names].toSorted(), [...catalogue.keys(), ...others].toSorted())
    for (const name of seedNames) assert.ok(names.has(name), name)
  })

  it('has the payloads and contexts of the server’s, key by key', async () => {
    const payloads = [...catalogue].map(([name, schema]) => {
      return [`workos.EventPayloads['${name}']`, typeOf(schema)] as const
    })
    const keys = [...catalogue.keys()].map((name) => `'${name}': 1`).join('; ')
    const claims = [
      ['keyof workos.EventPayloads', `keyof { ${keys} }`] as const,
      ['workos.KnownEvent["event"]', `keyof { ${keys} }`] as const,
      ...payloads,
    ]
    assert.deepEqual(await refused(program(claims)), [])
  })

  it('would not pass for another', async () => {
    const user = typeOf(catalogue.get('user.created')!)
    const ours = "workos.EventPayloads['user.created']"
    const claims = [
      [ours, user.replace('email: string; ', '')],
      [ours, user.replace('email: string', 'email?: string')],
      [ours, user.replace('email: string', 'email: string | null')],
      [ours, user.replace('locale?:', 'locale:')],
      [ours, user.replace('email_verified: boolean', 'email_verified: string')],
      [ours, user.replace('{ ', '{ more?: string; ')],
      [ours, user.replace('"user"', '"session"')],
    ] as const
    assert.equal(new Set(claims.map(([, theirs]) => theirs)).size, claims.length)
    assert.ok(claims.every(([, theirs]) => theirs !== user))
    assert.equal((await refused(program(claims))).length, claims.length)
  })

  it('has in its contexts what the server asks of them', async () => {
    const text = program([]).concat(
      [
        ['EventContext', anyContext],
        ['FlagContext', flagContext],
        ['FlagRuleContext', flagRuleContext],
      ]
        .map(([name, schema]) => {
          const theirs = typeOf(schema as TSchema)
          return `same<workos.${String(name)} extends ${theirs} ? true : false>()`
        })
        .join('\n'),
    )
    assert.deepEqual(await refused(text), [])
  })
})
