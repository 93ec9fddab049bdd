import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Runs npm in a folder, and gives what it printed. Rejects with all it said when it fails, and when it takes
 * longer than this.
 */
export async function npm(
  folder: string,
  timeoutMs: number,
  ...args: readonly string[]
): Promise<string> {
  // The npm that runs the tests says by these where it is at work; the rest, such as a registry, holds
  // here, too.
  const isOfTests =
    /^npm_(package|lifecycle|command|config_(local_prefix|workspace|include_work|allow_scripts))/i
  const own = Object.entries(process.env).filter(([name]) => !isOfTests.test(name))
  const env = { ...Object.fromEntries(own), npm_config_update_notifier: 'false' }
  const options = { cwd: folder, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }
  try {
    return (await run('npm', [...args], options)).stdout
  } catch (cause) {
    const { stdout, stderr, killed } = cause as { [part: string]: unknown }
    const how = killed === true ? `did not end within ${timeoutMs} ms` : 'failed'
    throw new Error(`npm ${args.join(' ')} ${how}:\n${stdout}\n${stderr}`, { cause })
  }
}
