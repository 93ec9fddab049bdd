import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { settings } from '../packages/server/src/config.ts'
import { dialects } from '../packages/server/src/dialects.ts'
import { vendorRoutes } from '../packages/server/src/dialects/native/vendor-sources.ts'
import { supportPages } from './support-tables.ts'

// Rules of the house that a machine can keep. A rule that is here needs no reminder in a review.

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const list = ['ls-files', '--cached', '--others', '--exclude-standard']
const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const sources = files.filter((file) => /\.(ts|js)$/.test(file))
const isTest = (file: string) => /\.test\.ts$|\/test\/|\/conformance\/|^scripts\//.test(file)
const server = 'packages/server/src/'
const client = 'packages/sdk/src/'

/** The room of the house that a file of the server stands in. */
function roomOf(file: string): string {
  if (file.startsWith(client)) {
    const [room, inner, deeper] = file.slice(client.length).split('/')
    if (inner === undefined) return `client/${room}`
    return inner === 'agent' && deeper !== undefined ? `client/${room}/agent` : `client/${room}`
  }
  if (!file.startsWith(server)) return file.split('/').slice(0, 2).join('/')
  const [room, inner] = file.slice(server.length).split('/')
  if (inner === undefined) return room!
  return ['dialects', 'stores'].includes(room!) ? `${room}/${inner}` : room!
}

// Which rooms a room may import from, besides itself. Siblings do not import siblings.
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  keys: ['core'],
  'dialects/contract.ts': ['core', 'dialects/shared'],
  'dialects/shared': ['core'],
  'dialects/native': ['core', 'dialects/contract.ts', 'dialects/shared', 'client/index.ts'],
  'dialects/speakeasy': ['core', 'dialects/contract.ts', 'dialects/shared'],
  'dialects/logspace': ['core', 'dialects/contract.ts', 'dialects/shared'],
  'dialects/workos': ['core', 'dialects/contract.ts', 'dialects/shared'],
  'dialects/webex': ['core', 'dialects/contract.ts', 'dialects/shared'],
  'stores/memory': ['core'],
  'stores/sqlite': ['core'],
  'stores/measured.ts': ['core'],
  http: ['core', 'dialects/contract.ts', 'dialects/shared'],
  'config.ts': [],
  'json-file.ts': ['core'],
  'settings.ts': ['core', 'dialects/contract.ts', 'json-file.ts'],
  'seed.ts': ['core', 'json-file.ts'],
  'data-lock.ts': [],
  'dialects.ts': ['dialects/contract.ts', ...dialects.map(({ name }) => folderOf(name))],
  'server.ts': [
    'core',
    'config.ts',
    'data-lock.ts',
    'dialects.ts',
    'http',
    'keys',
    'seed.ts',
    'settings.ts',
    'stores/measured.ts',
    'stores/sqlite',
  ],
  cli: ['core', 'config.ts', 'keys', 'server.ts'],
  'client/wire.ts': [],
  'client/http': [],
  'client/disk': ['client/http'],
  'client/native': ['client/http', 'client/wire.ts'],
  'client/index.ts': ['client/http', 'client/native', 'client/wire.ts'],
  'client/outbox': ['client/disk', 'client/http', 'client/native', 'client/wire.ts'],
  'client/speakeasy': ['client/http'],
  'client/workos': ['client/http'],
  'client/webex': ['client/http'],
  'client/logspace': ['client/http'],
  'client/logspace/agent': ['client/disk', 'client/http', 'client/logspace'],
  'packages/ui': [],
}

function folderOf(dialect: string): string {
  return `dialects/${dialect === 'eventwell' ? 'native' : dialect}`
}

function importsOf(file: string): string[] {
  const found = read(file).matchAll(/(?:from|import) '(\.[^']+|@eventwell\/client)'/g)
  return [...found].map(([, target]) =>
    target === '@eventwell/client'
      ? 'packages/sdk/src/index.ts'
      : relative(root, resolve(root, dirname(file), target!)),
  )
}

describe('tidy', () => {
  it('imports point the way the house is drawn', () => {
    for (const file of sources.filter((file) => !isTest(file) && !file.includes('/bench/'))) {
      const room = roomOf(file)
      assert.ok(mayImport[room], `${file}: its room is not on the plan above`)
      for (const target of importsOf(file)) {
        const other = roomOf(target)
        assert.ok(
          other === room || mayImport[room].includes(other),
          `${file} imports ${target}: ${room} may not know ${other}`,
        )
      }
    }
  })

  it('what the client has for every runtime knows nothing of Node', () => {
    const ofNode = ['client/disk', 'client/outbox', 'client/logspace/agent']
    for (const file of sources.filter((file) => file.startsWith(client) && !isTest(file))) {
      if (ofNode.includes(roomOf(file))) continue
      assert.doesNotMatch(read(file), /'node:|\bprocess\.|\bBuffer\b|setImmediate/, file)
    }
  })

  it('only the configuration reads the environment', () => {
    for (const file of sources.filter((file) => file.startsWith(server) && !isTest(file))) {
      const isAllowed = file.endsWith('/config.ts') || file.includes('/cli/')
      assert.ok(isAllowed || !read(file).includes('process.env'), file)
    }
  })

  it('a file is one idea: at most 350 lines, of at most 100 characters', () => {
    for (const file of sources) {
      const lines = read(file).split('\n')
      assert.ok(isTest(file) || lines.length <= 350, `${file} has ${lines.length} lines`)
      for (const [index, line] of lines.entries()) {
        const isText = /['"`].{60}|https?:/.test(line)
        assert.ok(line.length <= 110 || isText, `${file}:${index + 1} is ${line.length} long`)
      }
    }
  })

  it('every export says what it is', () => {
    for (const file of sources.filter((file) => !isTest(file))) {
      const lines = read(file).split('\n')
      for (const [index, line] of lines.entries()) {
        if (!/^export (?!\*|\{|type [{*])/.test(line)) continue
        const before = lines[index - 1] ?? ''
        assert.match(before, /\*\/$/, `${file}:${index + 1} has no doc comment: ${line}`)
      }
    }
  })

  it('nothing is left for later, switched off, silenced or swallowed', () => {
    const banned = [
      /\b(TODO|FIXME|XXX|HACK)\b/,
      /\.(only|todo)\(/,
      /@ts-(ignore|expect-error|nocheck)/,
      /\bas any\b|: any[;,)\]=>]|<any>/,
      /catch *(\([^)]*\))? *\{ *\}/,
    ]
    for (const file of sources.filter((file) => file !== 'scripts/tidy.test.ts')) {
      for (const pattern of banned) assert.doesNotMatch(read(file), pattern, file)
    }
  })

  it('the repository knows no machine and no registry', () => {
    const host = /registry\.[a-z]+\.[a-z]+/
    for (const file of files.filter((file) => !/\.(png|db)$|^LICENSE$/.test(file))) {
      if (file === 'scripts/tidy.test.ts') continue
      assert.doesNotMatch(read(file), host, file)
      assert.ok(!read(file).includes(`${dirname(root)}/`), `${file} holds a path of this machine`)
    }
  })

  it('every dependency is justified in docs/dependencies.md', () => {
    const page = read('docs/dependencies.md')
    for (const file of files.filter((file) => /(^|\/)package\.json$/.test(file))) {
      const { dependencies, devDependencies } = JSON.parse(read(file)) as Record<string, object>
      for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
        if (name.startsWith('@eventwell/')) continue
        assert.ok(
          new RegExp(`^\\| [^|]*\`${name}\``, 'm').test(page),
          `${name} of ${file} is not on the page`,
        )
      }
    }
  })

  it('every setting and every error code is documented, and every dialect has a page', () => {
    const operating = read('docs/operating.md').replace(/ +/g, ' ')
    for (const [flag, variable, ifAbsent] of settings) {
      const row = `| \`--${flag}\` | \`${variable}\` | \`${ifAbsent}\` |`
      assert.ok(operating.includes(row), `docs/operating.md lacks ${row}`)
    }
    const errors = read('docs/reference/errors.md')
    const codes = read(`${server}core/errors.ts`).match(/(?<=\| ')\w+(?=')/g)!
    for (const code of codes) assert.ok(errors.includes(`### ${code}`), `${code} has no entry`)
    const documented = [...errors.matchAll(/^### (\w+)$/gm)].map(([, code]) => code!)
    assert.deepEqual(documented.toSorted(), codes.toSorted())
    for (const { name } of dialects) assert.ok(files.includes(`docs/dialects/${name}.md`), name)
  })

  it('every entry of the client has a page', () => {
    const { exports } = JSON.parse(read('packages/sdk/package.json')) as { exports: object }
    const index = read('docs/clients/README.md')
    for (const entry of Object.keys(exports)) {
      const name = entry.replace(/^\./, '@eventwell/client')
      const row = index.split('\n').find((line) => line.startsWith(`| \`${name}\` `))
      assert.match(row ?? '', /\| \[[\w-]+\]\([\w-]+\.md\) /, `${name} has no page`)
    }
  })

  it('the tables of the dialects’ pages are those of their routes', async () => {
    for (const { file, written, wanted } of await supportPages()) {
      assert.equal(written, wanted, `${file} is behind the routes; run npm run docs`)
    }
  })

  it('the native door refuses the source of every vendor that has a door', () => {
    const vendors = dialects.map(({ name }) => name).filter((name) => name !== 'eventwell')
    assert.deepEqual([...vendorRoutes.keys()].toSorted(), vendors.toSorted())
  })

  it('links between documents lead somewhere', () => {
    for (const file of files.filter((file) => file.endsWith('.md'))) {
      for (const [, target] of read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
        assert.ok(existsSync(join(root, dirname(file), target!)), `${file} links to ${target}`)
      }
    }
  })
})
