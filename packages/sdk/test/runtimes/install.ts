import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm } from '../support/npm.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const installMsMax = 300_000

/** Where a package of the runtimes is. */
export function runtimePath(...path: readonly string[]): string {
  return join(folder, 'node_modules', ...path)
}

/**
 * Installs the runtimes of the `package.json` here, unless they are there as it has them. They are no
 * dependencies of the repository: whoever only runs the server does not load 800 MB of them. Without
 * them there is no test, so a failure is one of the test.
 */
export async function installRuntimes(): Promise<void> {
  const wanted = readFileSync(join(folder, 'package.json'), 'utf8')
  // Written when all is done: npm does not see that an installation was broken off before its scripts ran.
  const note = runtimePath('.installed.json')
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return
  rmSync(runtimePath(), { recursive: true, force: true })
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error']
  await npm(folder, installMsMax, 'install', '--prefix', folder, ...flags)
  writeFileSync(note, wanted)
}
