import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { TestServer } from '../../../server/test/clients/test-server.ts'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import {
  compile,
  entries,
  projectWithClient,
  writeText,
  type CompilerConfig,
} from '../package/packed.ts'
import { runChecks, type Outcome } from '../portable/run.ts'
import { ModuleServer, runInPage } from './browser.ts'
import { installRuntimes, runtimePath } from './install.ts'

// One program, compiled once, runs on every runtime with the client as npm packs it, against a server of
// ours: `portable/program.ts` everywhere, `portable-disk/program.ts` where there are files.

const run = promisify(execFile)
const runMsMax = 120_000
const deno = [
  'run',
  '--quiet',
  '--no-prompt',
  '--allow-net',
  '--allow-read',
  '--allow-write',
  // The agent's system is the host's name where nothing else is given.
  '--allow-sys=hostname',
]

interface Runtime {
  readonly name: string
  /** Its program and the arguments before a script's path. */
  readonly command: readonly [string, ...string[]]
  /** What it calls itself among `process.versions`, and how its version begins. */
  readonly version: readonly [string, string]
}

const node = (major: string, file: string): Runtime => ({
  name: `Node ${major}`,
  command: [file],
  version: ['node', `${major}.`],
})
const runtimes: readonly Runtime[] = [
  ...['20', '22', '24'].map((major) => node(major, runtimePath(`node-${major}`, 'bin/node'))),
  node('26', process.execPath),
  {
    name: 'Bun',
    command: [runtimePath('bun/bin/bun.exe'), 'run'],
    version: ['bun', '1.'],
  },
  {
    name: 'Deno',
    command: [runtimePath('deno/deno'), ...deno],
    version: ['deno', '2.'],
  },
]

// The shells around the programs: that of Node, Bun and Deno, and that of a worker.
const shell = (program: string) => `
  import process from 'node:process'
  import { checks, run } from '${program}'
  const [, , world] = process.argv
  const names = checks.map(({ name }) => name)
  const outcomes = world === undefined ? [] : await run(JSON.parse(world))
  console.log(JSON.stringify({ names, outcomes, versions: process.versions }))
`

const worker = `
  import { run } from './portable/program.js'
  onmessage = async ({ data }) => postMessage(await run(data))
`

describe('the client on every runtime', () => {
  const folder = temporaryFolder()
  let project: string
  let modules: ModuleServer
  let server: TestServer
  // The names of each program's checks, by its own account.
  let names: Readonly<Record<'portable' | 'portable-disk', readonly string[]>>
  before(async () => {
    await installRuntimes()
    project = await compiledProject(folder.path)
    modules = await ModuleServer.start(project, importMap())
    server = await TestServer.start([modules.origin])
    names = {
      portable: await namesIn(project, 'portable'),
      'portable-disk': await namesIn(project, 'portable-disk'),
    }
  })
  after(async () => {
    await modules?.close()
    await server?.close()
    folder.remove()
  })

  for (const runtime of runtimes) {
    it(`${runtime.name}: all that is for every runtime`, async () => {
      assertHeld(await runScript('portable', runtime), names.portable)
    })
  }

  it('Chromium, a page with an import map: all that is for every runtime', async () => {
    const world = JSON.stringify(worldFor(names.portable, 'a page'))
    const script = `import('/out/portable/program.js').then(({ run }) => run(${world}))`
    assertHeld(await runInPage(modules.origin, script), names.portable)
  })

  it('Chromium, a worker from a bundler: all that is for every runtime', async () => {
    const world = JSON.stringify(worldFor(names.portable, 'a worker'))
    const script = `new Promise((resolve, reject) => {
      const worker = new Worker('/out/worker.js', { type: 'module' })
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(${world})
    })`
    assertHeld(await runInPage(modules.origin, script), names.portable)
  })

  for (const runtime of runtimes) {
    it(`${runtime.name}: what keeps events on disk`, async () => {
      assertHeld(await runScript('portable-disk', runtime), names['portable-disk'])
    })
  }

  it('TypeScript 5 understands the types, as the program uses them', async () => {
    const compiler = runtimePath('typescript-5/bin/tsc')
    const compilerOptions = { ...programConfig.compilerOptions, noEmit: true }
    const errors = await compile(project, { ...programConfig, compilerOptions }, compiler)
    assert.deepEqual(errors, [])
  })

  it('a check that does not hold fails', async () => {
    const checks = [{ name: 'fails', run: () => Promise.reject(new Error('so it does')) }]
    const outcomes = await runChecks(checks, { url: '', keys: {} })
    assert.throws(() => assertHeld(outcomes, ['fails']), /so it does/)
    assert.throws(() => assertHeld([], ['fails']), /fails was not run/)
  })

  function worldFor(checks: readonly string[], runtime: string): object {
    const newKey = () => server.newWorkspace(['read', 'write', 'erase']).key
    return {
      url: server.development.url,
      keys: Object.fromEntries(checks.map((name) => [name, newKey()])),
      folder: join(folder.path, runtime),
    }
  }

  async function runScript(
    room: keyof typeof names,
    runtime: Runtime,
  ): Promise<readonly Outcome[]> {
    const { name, command, version } = runtime
    const [file, ...before] = command
    const world = worldFor(names[room], name)
    const args = [...before, join(project, 'out', `${room}.js`), JSON.stringify(world)]
    const options = { cwd: project, timeout: runMsMax }
    const { stdout, stderr } = await run(file, args, options).catch((cause: unknown) => {
      const { stderr: said = '' } = cause as { stderr?: string }
      throw new Error(`${name} failed: ${said}`, { cause })
    })
    assert.equal(stderr, '', `${name} printed what it should not`)
    const { outcomes, versions } = JSON.parse(stdout) as {
      readonly outcomes: readonly Outcome[]
      readonly versions: Readonly<Record<string, string>>
    }
    assert.ok(versions[version[0]]?.startsWith(version[1]), `${name} is not what ran`)
    return outcomes
  }
})

const programConfig: CompilerConfig = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    rewriteRelativeImportExtensions: true,
    types: [],
    rootDir: '.',
    outDir: 'out',
  },
  include: ['portable/**/*.ts', 'portable-disk/**/*.ts', 'support/**/*.ts'],
}

/** The programs, compiled in a project with the packed client: types are checked against what is packed. */
async function compiledProject(folder: string): Promise<string> {
  const { folder: project } = await projectWithClient(folder)
  const test = new URL('../', import.meta.url)
  for (const part of ['portable', 'portable-disk', 'support/replay.ts']) {
    cpSync(new URL(part, test), join(project, part), { recursive: true })
  }
  for (const room of ['portable', 'portable-disk']) {
    writeText(join(project, 'out', `${room}.js`), shell(`./${room}/program.js`))
  }
  const errors = await compile(project, programConfig)
  assert.deepEqual(errors, [])
  await build({
    stdin: { contents: worker, resolveDir: join(project, 'out') },
    bundle: true,
    format: 'esm',
    outfile: join(project, 'out/worker.js'),
    logLevel: 'silent',
  })
  return project
}

async function namesIn(project: string, room: string): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, [join(project, 'out', `${room}.js`)])
  return (JSON.parse(stdout) as { names: readonly string[] }).names
}

function importMap(): Record<string, string> {
  const at = '/node_modules/@eventwell/client/'
  return Object.fromEntries([...entries].map(([name, file]) => [name, at + file]))
}

/** Every check was run once, and held. */
function assertHeld(outcomes: readonly Outcome[], names: readonly string[]): void {
  assert.ok(names.length > 0 && new Set(names).size === names.length, names.join('; '))
  for (const name of names) {
    const outcome = outcomes.find((one) => one.name === name)
    assert.ok(outcome !== undefined, `${name} was not run`)
    assert.ok(outcome.ok, `${name}: ${outcome.error}`)
  }
}
