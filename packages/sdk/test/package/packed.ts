import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { npm } from '../support/npm.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const npmMsMax = 120_000

/** The entries of the package as `package.json` has them: what is imported, and the file that answers. */
export const entries: ReadonlyMap<string, string> = new Map(
  Object.entries(manifestOf(join(root, 'packages/sdk')).exports).map(([path, target]) => [
    path.replace(/^\./, '@eventwell/client'),
    target.default.replace(/^\.\//, ''),
  ]),
)

/** The entries that need Node's files, or a runtime that has the like. */
export const entriesOfNode: ReadonlySet<string> = new Set([
  '@eventwell/client/outbox',
  '@eventwell/client/logspace/agent',
])

/** The part of a `package.json` that tests read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, { readonly default: string }>>
  readonly [member: string]: unknown
}

/** The `package.json` of a folder. */
export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** A TypeScript project of its own with nothing in it but the packed client. */
export interface Project {
  /** Its folder. */
  readonly folder: string
  /** The client in its `node_modules`. */
  readonly client: string
  /** What npm says that it packed, by path. */
  readonly files: readonly string[]
}

/**
 * Packs the client with `npm pack` and installs it into an empty project in this folder. It is built from a
 * copy, so that tests which do this at the same time are not in each other's way, and the `dist` of the one
 * who works here stays as it is.
 */
export async function projectWithClient(folder: string): Promise<Project> {
  const copy = join(folder, 'copy')
  cpSync(join(root, 'tsconfig.json'), join(copy, 'tsconfig.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
  for (const name of ['package.json', 'tsconfig.build.json', 'README.md', 'LICENSE', 'src']) {
    const from = join(root, 'packages/sdk', name)
    cpSync(from, join(copy, 'packages/sdk', name), { recursive: true })
  }
  const stdout = await npm(join(copy, 'packages/sdk'), npmMsMax, 'pack', '--json')
  // npm 11 prints a list, npm 12 an object by the package's name; a script's own lines may stand before.
  const printed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, Packed>
  const [{ filename, files }] = Object.values(printed) as [Packed]

  const project = join(folder, 'project')
  mkdirSync(project)
  writeJson(join(project, 'package.json'), { name: 'consumer', private: true, type: 'module' })
  const tarball = join(copy, 'packages/sdk', filename)
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund']
  await npm(project, npmMsMax, 'install', ...flags, tarball)
  return {
    folder: project,
    client: join(project, 'node_modules/@eventwell/client'),
    files: files.map(({ path }) => path).toSorted(),
  }
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** An error that the compiler found: where, and which. */
export interface CompilerError {
  readonly file: string
  readonly line: number
  /** `TS2322`, say. */
  readonly code: string
  readonly text: string
}

/** The contents of a `tsconfig.json`. */
export interface CompilerConfig {
  readonly compilerOptions: object
  readonly include?: readonly string[]
}

/**
 * Compiles what a `tsconfig.json` with these contents says, in this folder.
 * @param compiler The one of this repository by default.
 */
export async function compile(
  folder: string,
  config: CompilerConfig,
  compiler: string = tsc,
): Promise<readonly CompilerError[]> {
  writeJson(join(folder, 'tsconfig.json'), config)
  const args = [compiler, '-p', folder, '--pretty', 'false']
  const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((thrown: unknown) => {
    const failed = thrown as { code?: unknown; stdout?: string }
    // 1 and 2 say that there are errors, which it has printed.
    if (failed.code !== 1 && failed.code !== 2) throw thrown
    return { stdout: failed.stdout ?? '' }
  })
  const found = stdout.matchAll(/^(\S[^(\n]*?)(?:\((\d+),\d+\))?:? ?error (TS\d+): (.*)$/gm)
  return [...found].map(([, file = '', line, code = '', text = '']) => ({
    file,
    line: Number(line ?? 0),
    code,
    text,
  }))
}

/** Writes a file, and the folders that it needs. */
export function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function writeJson(file: string, value: object): void {
  writeText(file, JSON.stringify(value))
}
