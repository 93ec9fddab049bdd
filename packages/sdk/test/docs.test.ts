import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../server/test/support/folder.ts'
import { ServerProcess } from '../../server/test/support/server-process.ts'
import { compile, projectWithClient, writeText, type CompilerError } from './package/packed.ts'

// The examples of the client's pages. The first `ts` block of a page is a whole program: it is run as it is
// written, with the packed client and against a fresh server, and prints what the `text` block behind it
// says ("…" stands for any text). Each other `ts` block must type-check with the names of the page's first
// block around it: its imports at the top, the rest as the body of an async function, so that it may
// declare a name anew. What a block declares, the blocks behind it do not know.

const run = promisify(execFile)
const root = new URL('../../../', import.meta.url)
const runMsMax = 60_000
const pages = [
  ...readdirSync(new URL('docs/clients', root))
    .filter((file) => file !== 'README.md')
    .map((file) => `docs/clients/${file}`),
  'docs/clients/README.md',
  'packages/sdk/README.md',
  'README.md',
]
const mustRun = (page: string) => page !== 'README.md' && page !== 'docs/clients/README.md'

/** An example, and what it prints where the page says that. */
interface Example {
  readonly code: string
  readonly prints: string | undefined
  /** Where it begins on its page. */
  readonly line: number
}

describe("examples on the client's pages", () => {
  const folder = temporaryFolder()
  let project: string
  let errors: readonly CompilerError[]
  before(async () => {
    project = (await projectWithClient(folder.path)).folder
    for (const page of pages) {
      for (const [file, code] of modulesOf(page)) writeText(join(project, file), code)
    }
    errors = await compile(project, {
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
        module: 'nodenext',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        // Pages for Node's users may use Node.
        types: ['node'],
        typeRoots: [fileURLToPath(new URL('node_modules/@types', root))],
      },
      include: ['pages/**/*.ts'],
    })
  })
  after(() => folder.remove())

  for (const page of pages) {
    const examples = examplesOf(page)
    it(`${page}: ${examples.length} examples type-check`, () => {
      const files = [...modulesOf(page).keys()]
      const found = errors
        .filter(({ file }) => files.includes(file.replaceAll('\\', '/')))
        .map(({ file, code, text }) => {
          const { line, code: example } = examples[files.indexOf(file)]!
          return `${page}:${line} ${code} ${text}\n${example}`
        })
      assert.deepEqual(found, [])
    })

    if (!mustRun(page)) continue
    it(`${page}: the first example prints what the page says`, async () => {
      const [first] = examples
      assert.ok(first?.prints !== undefined, `${page} has no first example with what it prints`)
      const cwd = join(project, 'run', nameOf(page))
      const server = await ServerProcess.start(join(cwd, 'data'))
      try {
        writeText(join(cwd, 'main.ts'), first.code.replaceAll('http://127.0.0.1:4567', server.url))
        const options = { cwd, timeout: runMsMax }
        const { stdout, stderr } = await run(process.execPath, ['main.ts'], options)
        assert.equal(stderr, '')
        const shown = stdout.replaceAll(server.url, 'http://127.0.0.1:4567')
        if (!likeness(first.prints).test(shown)) assert.equal(shown, first.prints)
      } finally {
        await server.stop()
      }
    })
  }

  it('no error of the compiler is left over', () => {
    const files = new Set(pages.flatMap((page) => Array.from(modulesOf(page).keys())))
    const left = errors.filter(({ file }) => !files.has(file.replaceAll('\\', '/')))
    assert.deepEqual(left, [])
  })
})

function examplesOf(page: string): readonly Example[] {
  const file = new URL(page, root)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const found = text.matchAll(/^```ts\n([^]*?)^```\n(?:\n```text\n([^]*?)^```$)?/gm)
  return [...found].map(({ 1: code = '', 2: prints, index }) => ({
    code,
    prints,
    line: text.slice(0, index).split('\n').length + 1,
  }))
}

/** The modules that a page's examples are checked as, by file. */
function modulesOf(page: string): ReadonlyMap<string, string> {
  const [first, ...others] = examplesOf(page).map(({ code }) => parted(code))
  const modules = new Map<string, string>()
  const add = (code: string) => modules.set(`pages/${nameOf(page)}/${modules.size}.ts`, code)
  if (first !== undefined) add(`${importsIn([first.imports])}\n${first.body}\nexport {}\n`)
  for (const { imports, body } of others) {
    const around = `${importsIn([first!.imports, imports])}\n${first!.body}`
    add(`${around}\nexport async function example() {\n${body}\n}\n`)
  }
  return modules
}

/** The names that an example imports, by what from; and the rest of it. */
function parted(code: string): {
  readonly imports: ReadonlyMap<string, readonly string[]>
  readonly body: string
} {
  const imports = new Map<string, readonly string[]>()
  const statement = /^import (type )?\{([^}]*)\} from '([^']+)'\n/gm
  for (const [, type = '', names = '', from = ''] of code.matchAll(statement)) {
    const trimmed = names.split(',').map((name) => name.trim())
    const named = trimmed.filter((name) => name !== '').map((name) => type + name)
    imports.set(from, [...(imports.get(from) ?? []), ...named])
  }
  const body = code.replaceAll(statement, '')
  assert.doesNotMatch(body, /^import /m, 'an import that is not of the form import { … } from')
  return { imports, body }
}

function importsIn(all: readonly ReadonlyMap<string, readonly string[]>[]): string {
  const lines = new Map<string, string>()
  for (const [from, names] of all.flatMap((one) => [...one])) {
    for (const name of names) {
      // Of a name that is imported as a type and as a value, the value, which is both.
      const bare = name.replace(/^(type )+/, '')
      const isBetter = name === bare || !lines.has(bare)
      if (isBetter) lines.set(bare, `import { ${name} } from '${from}'`)
    }
  }
  return [...lines.values()].join('\n')
}

function nameOf(page: string): string {
  return page.replaceAll(/\W+/g, '-')
}

/** What is like a text in which "…" stands for any. */
function likeness(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*?')}$`)
}
