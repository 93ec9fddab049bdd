import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
// Unstable by its name: of the compiler's own ways to read declarations it is the one that there is. The
// lock file keeps its version.
import { API, SymbolFlags, type Checker, type Symbol } from 'typescript/unstable/sync'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import { entries, projectWithClient, writeText } from './packed.ts'

// Whoever uses the client reads it in an editor: every export says what it is, and so does every member
// of an exported class or interface.

describe('what the client says of itself in an editor', () => {
  const folder = temporaryFolder()
  let api: API
  let silent: ReadonlyMap<string, readonly string[]>
  before(async () => {
    const project = await projectWithClient(folder.path)
    const config = join(project.folder, 'tsconfig.json')
    const options = { module: 'nodenext', types: [], noEmit: true, strict: true }
    writeText(config, JSON.stringify({ compilerOptions: options, files: ['main.ts'] }))
    const names = [...entries.keys()]
    const main = names.map(
      (name, at) => `import * as entry${at} from '${name}'\nexport { entry${at} }`,
    )
    writeText(join(project.folder, 'main.ts'), `${main.join('\n')}\n`)
    api = new API({ cwd: project.folder })
    const { program, checker } = api.updateSnapshot({ openProjects: [config] }).getProject(config)!
    silent = new Map(
      [...entries].map(([name, file]) => {
        const types = join(project.client, file.replace(/\.js$/, '.d.ts'))
        const source = program.getSourceFile(types)
        const module = source && checker.getSymbolAtLocation(source)
        assert.ok(module, `${name} was not found`)
        return [name, silentIn(module, checker)]
      }),
    )
  })
  after(() => {
    api?.close()
    folder.remove()
  })

  for (const name of entries.keys()) {
    it(`${name}: every export, and every member of it`, () => {
      assert.deepEqual(silent.get(name), [])
    })
  }
})

// What is on the wire is explained by its type, by the vendor's own documents and by PROTOCOL.md; there, a
// sentence for each member would only say its name again.
const wire =
  /\/dist\/(wire|workos\/(payloads\/\w+|event-payloads)|webex\/[\w-]*(data|event))\.d\.ts$/

/** The names of what has no doc comment. */
function silentIn(module: Symbol, checker: Checker): readonly string[] {
  const named = checker.getExportsOfModule(module)
  assert.ok(named.length > 0, `${module.name} exports nothing`)
  const isSilent = (symbol: Symbol) =>
    checker.getDocumentationCommentOfSymbol(symbol).trim() === '' &&
    checker.getJsDocTagsOfSymbol(symbol).length === 0
  const silent: string[] = []
  for (const exported of named) {
    const isAlias = (exported.flags & SymbolFlags.Alias) !== 0
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported
    if (isSilent(symbol)) silent.push(exported.name)
    for (const member of membersOf(symbol).filter(isSilent)) {
      silent.push(`${exported.name}.${member.name}`)
    }
  }
  return silent
}

function membersOf(symbol: Symbol): readonly Symbol[] {
  const { path = '' } = symbol.declarations[0] ?? {}
  if (wire.test(path)) return []
  const kinds = SymbolFlags.Property | SymbolFlags.Method | SymbolFlags.Accessor
  return [...symbol.getMembers().values()].filter(
    // What is private has a number sign, what is keyed by a symbol begins with `__`; each error has its
    // class's name.
    ({ flags, name }) => (flags & kinds) !== 0 && !/^(#|__|name$)/.test(name),
  )
}
