import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { temporaryFolder } from './support/folder.ts'
import { readCurl } from './support/read-curl.ts'
import { ServerProcess } from './support/server-process.ts'

// The examples of the documents, executed: each curl line must succeed, and where a JSON block follows,
// the answer must be that one ("…" stands for any text).

const root = new URL('../../../', import.meta.url)
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/dialects', root)).map((file) => `docs/dialects/${file}`),
]
const example = /```sh\n(curl .*)\n```(?:\n\n```json\n([^]*?)```)?/g

describe('examples in the documents', () => {
  const folder = temporaryFolder()
  let server: ServerProcess
  before(async () => (server = await ServerProcess.start(folder.path)))
  after(async () => {
    await server.stop()
    folder.remove()
  })

  for (const page of pages) {
    const examples = [...readFileSync(new URL(page, root), 'utf8').matchAll(example)]
    it(`${page}: ${examples.length} examples`, async () => {
      assert.ok(examples.length >= (page === 'docs/dialects/logspace.md' ? 1 : 2))
      for (const [, line = '', expected] of examples) {
        const { url, ...request } = readCurl(line)
        assert.ok(url.startsWith('http://127.0.0.1:4567'), line)
        const answer = await fetch(url.replace('http://127.0.0.1:4567', server.url), request)
        const body = await answer.text()
        assert.ok(answer.ok, `${line}\n${answer.status} ${body}`)
        if (expected !== undefined) assertLike(JSON.parse(body), JSON.parse(expected))
      }
    })
  }
})

function assertLike(actual: unknown, expected: unknown): void {
  if (expected === '…') return assert.equal(typeof actual, 'string')
  if (typeof expected !== 'object' || expected === null) return assert.equal(actual, expected)
  assert.deepEqual(Object.keys(actual as object), Object.keys(expected))
  for (const [name, value] of Object.entries(expected)) {
    assertLike((actual as Record<string, unknown>)[name], value)
  }
}
