import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import { entries, entriesOfNode, projectWithClient, type Project } from './packed.ts'

// What a page pays for the client: bundled, minified and gzipped, in bytes. A change that needs more than
// its budget says so by changing the budget, and the table in docs/clients/README.md.

const budgets: Readonly<Record<string, number>> = {
  '@eventwell/client': 14_750,
  '@eventwell/client/outbox': 14_600,
  '@eventwell/client/speakeasy': 8_750,
  '@eventwell/client/workos': 9_750,
  '@eventwell/client/webex': 8_300,
  '@eventwell/client/logspace': 11_900,
  '@eventwell/client/logspace/agent': 20_300,
}

// Whoever imports one small thing pays for that and for nothing else.
const parts: readonly (readonly [entry: string, name: string, bytesMax: number])[] = [
  ...[...entries.keys()].map((entry) => [entry, 'isHttpError', 300] as const),
  ['@eventwell/client', 'isProblem', 300],
  ['@eventwell/client', 'HttpError', 500],
  ['@eventwell/client/speakeasy', 'interactionTypes', 250],
  // Without the names of all events, and those without the client.
  ['@eventwell/client/workos', 'WorkOS', 6_600],
  ['@eventwell/client/workos', 'eventNames', 1_400],
  ['@eventwell/client/workos', 'isEvent', 150],
  ['@eventwell/client/workos', 'verifyWebhook', 1_500],
  ['@eventwell/client/webex', 'isEvent', 200],
  ['@eventwell/client/logspace', 'encodeEvent', 1_900],
]

describe('the size of the client', () => {
  const folder = temporaryFolder()
  let project: Project
  before(async () => {
    project = await projectWithClient(folder.path)
  })
  after(() => folder.remove())

  it('every entry keeps its budget, and its page has its size', async (test) => {
    assert.deepEqual(Object.keys(budgets).toSorted(), [...entries.keys()].toSorted())
    const page = readFileSync(
      new URL('../../../../docs/clients/README.md', import.meta.url),
      'utf8',
    )
    for (const [entry, budget] of Object.entries(budgets)) {
      const bytes = await bundled(project, entry, '*')
      test.diagnostic(`${entry.padEnd(34)} ${String(bytes).padStart(6)} of ${budget} bytes`)
      assert.ok(bytes <= budget, `${entry} has ${bytes} bytes, and may have ${budget}`)
      assert.ok(
        bytes > budget * 0.9,
        `${entry} has only ${bytes} bytes; lower its budget ${budget}`,
      )
      const row = page.split('\n').find((line) => line.startsWith(`| \`${entry}\` `))
      const kilobytes = Number(/(\d+) kB/.exec(row ?? '')?.[1])
      // Compressors differ by some bytes, so that a rounded size is not the same everywhere.
      const isFresh = Math.abs(bytes / 1000 - kilobytes) <= 0.7
      assert.ok(isFresh, `docs/clients/README.md says ${kilobytes} kB of ${entry}: ${bytes} bytes`)
    }
  })

  for (const [entry, name, bytesMax] of parts) {
    it(`${name} of ${entry} brings nothing else along`, async () => {
      const bytes = await bundled(project, entry, `{ ${name} }`)
      assert.ok(bytes <= bytesMax, `${bytes} bytes, and it may have ${bytesMax}`)
    })
  }
})

/** How many bytes a page loads that uses this of an entry. */
async function bundled(project: Project, entry: string, names: string): Promise<number> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: `export ${names} from '${entry}'`, resolveDir: project.folder },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: entriesOfNode.has(entry) ? 'node' : 'browser',
    write: false,
    logLevel: 'silent',
  })
  assert.deepEqual(warnings, [])
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength
}
