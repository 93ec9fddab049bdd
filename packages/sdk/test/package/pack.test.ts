import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import { entries, entriesOfNode, manifestOf, projectWithClient, type Project } from './packed.ts'

// What `npm pack` makes of the client, and what that says of itself.

const root = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('the packed client', () => {
  const folder = temporaryFolder()
  let project: Project
  before(async () => {
    project = await projectWithClient(folder.path)
  })
  after(() => folder.remove())

  it('holds what it says it is, and what was built; no sources, tests or maps', () => {
    const kinds = /^(package\.json|README\.md|LICENSE|dist\/(?!.*\.test\.)[\w/-]+(\.d\.ts|\.js))$/
    for (const file of project.files) assert.match(file, kinds)
    for (const wanted of ['package.json', 'README.md', 'LICENSE', ...entries.values()]) {
      assert.ok(project.files.includes(wanted), `${wanted} is not packed`)
    }
    assert.equal(read('packages/sdk/LICENSE'), read('LICENSE'))
  })

  it('has JavaScript and types of every file', () => {
    const built = project.files.filter((file) => file.startsWith('dist/'))
    for (const file of built) {
      const other = file.endsWith('.d.ts')
        ? file.replace(/\.d\.ts$/, '.js')
        : file.replace(/\.js$/, '.d.ts')
      assert.ok(built.includes(other), `${file} has no ${other}`)
    }
  })

  it('is for everybody, and can be found', () => {
    const { publishConfig, keywords, private: isPrivate } = manifestOf(project.client)
    assert.deepEqual([publishConfig, isPrivate], [{ access: 'public' }, undefined])
    assert.ok(Array.isArray(keywords) && keywords.includes('events'))
  })

  it('needs nothing, and has the version of the server', () => {
    const manifest = manifestOf(project.client)
    for (const kind of [
      'dependencies',
      'peerDependencies',
      'optionalDependencies',
      'bundleDependencies',
    ]) {
      assert.equal(manifest[kind], undefined, kind)
    }
    const ofServer = JSON.parse(read('packages/server/package.json')) as { version: string }
    assert.equal(manifest.version, ofServer.version)
    const built = project.files.filter((file) => file.endsWith('.js'))
    const agents = built.flatMap((file) =>
      Array.from(
        readFileSync(join(project.client, file), 'utf8').matchAll(/eventwell-client\/([\w.-]+)/g),
        ([, version]) => version,
      ),
    )
    assert.deepEqual(agents, [manifest.version], 'the version that requests say')
  })

  for (const [name, file] of entries) {
    it(`${name} imports ${entriesOfNode.has(name) ? 'Node and itself' : 'nothing but itself'}`, () => {
      const foreign = importedBy(project.client, file).filter((target) => !target.startsWith('.'))
      const isOfNode = (target: string) => entriesOfNode.has(name) && target.startsWith('node:')
      assert.deepEqual(
        foreign.filter((target) => !isOfNode(target)),
        [],
      )
    })
  }
})

/** All that a module and the modules that it imports import, each in JavaScript and in types. */
function importedBy(folder: string, entry: string): readonly string[] {
  const seen = new Set<string>()
  const targets = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    // Doc comments have imports in their examples.
    const text = readFileSync(join(folder, file), 'utf8').replaceAll(/^ *(\/\*\*|\*|\/\/).*$/gm, '')
    const found = text.matchAll(
      /(?:^(?:import|export)\b[^'"`;(=]*?\bfrom |^import |\bimport\(|\brequire\()['"]([^'"]+)['"]/gm,
    )
    for (const [, target = ''] of found) {
      targets.add(target)
      if (!target.startsWith('.')) continue
      const path = relative(folder, join(folder, dirname(file), target))
      visit(file.endsWith('.d.ts') ? path.replace(/\.[jt]s$/, '.d.ts') : path)
    }
  }
  visit(entry)
  visit(entry.replace(/\.js$/, '.d.ts'))
  assert.ok(seen.size > 1, `${entry} imports nothing, not even itself`)
  return [...targets]
}
