import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { defaultLimits } from '../src/core/limits.ts'
import { statusOfCode } from '../src/dialects/shared/refusal.ts'
import { nativeCases } from './native-cases.ts'
import { temporaryFolder } from './support/folder.ts'
import { readCurl } from './support/read-curl.ts'
import { ServerProcess } from './support/server-process.ts'

// The examples of the documents, executed: each curl line must succeed, and where a JSON block follows,
// the answer must be that one ("…" stands for any text). `$cursor` stands for the `cursor` of the latest
// answer on the page that had one, and so do other names.

const root = new URL('../../../', import.meta.url)
const read = (page: string) => readFileSync(new URL(page, root), 'utf8')
const pagesIn = (folder: string) =>
  readdirSync(new URL(folder, root)).map((file) => `${folder}/${file}`)
const pages = ['README.md', ...pagesIn('docs/dialects'), 'docs/start.md', ...pagesIn('docs/tasks')]
const pagesWithOne = ['docs/dialects/logspace.md', 'docs/tasks/browsers.md']
const example = /```sh\n(curl .*)\n```(?:\n\n```json\n([^]*?)```)?/g

describe('examples in the documents', () => {
  const folder = temporaryFolder()
  let server: ServerProcess
  before(async () => {
    server = await ServerProcess.start(folder.path, '--cors', 'https://app.example.com')
  })
  after(async () => {
    await server.stop()
    folder.remove()
  })

  for (const page of pages) {
    const examples = [...read(page).matchAll(example)]
    it(`${page}: ${examples.length} examples`, async () => {
      assert.ok(examples.length >= (pagesWithOne.includes(page) ? 1 : 2))
      const known = new Map<string, string>()
      for (const [, line = '', expected] of examples) {
        const { url, ...request } = readCurl(filled(line, known))
        assert.ok(url.startsWith('http://127.0.0.1:4567'), line)
        const answer = await fetch(url.replace('http://127.0.0.1:4567', server.url), request)
        const body = await textOf(answer)
        assert.ok(answer.ok, `${line}\n${answer.status} ${body}`)
        if (expected !== undefined) assertLike(JSON.parse(body), JSON.parse(expected))
        if (answer.headers.get('content-type')?.startsWith('application/json')) {
          for (const [name, value] of Object.entries(JSON.parse(body) as object)) {
            if (typeof value === 'string') known.set(name, value)
          }
        }
      }
    })
  }
})

/**
 * A line with the values of its variables, which stand behind a quoted text or between two: `'…='$cursor`.
 */
function filled(line: string, known: ReadonlyMap<string, string>): string {
  return line.replaceAll(/'\$(\w+)('?)/g, (_, name: string, goesOn: string) => {
    const value = known.get(name) ?? assert.fail(`${line}\nNo answer before had a ${name}.`)
    return goesOn === '' ? `${value}'` : value
  })
}

/** The body; of a stream that never ends, what comes until it has caught up. */
async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'text/event-stream') return answer.text()
  let text = ''
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece
    if (text.includes('"caughtUp":true')) break
  }
  return text
}

function assertLike(actual: unknown, expected: unknown): void {
  if (expected === '…') return assert.equal(typeof actual, 'string')
  if (typeof expected !== 'object' || expected === null) return assert.equal(actual, expected)
  assert.deepEqual(Object.keys(actual as object), Object.keys(expected))
  for (const [name, value] of Object.entries(expected)) {
    assertLike((actual as Record<string, unknown>)[name], value)
  }
}

describe('PROTOCOL.md', () => {
  const protocol = read('PROTOCOL.md')
  const sections = [...protocol.matchAll(/^### (\d+\.\d+) /gm)].map(([, number]) => number!)

  it('has its sections in order, each with rules in order, and refers to none that is missing', () => {
    for (const [at, part] of protocol.split(/^### /m).slice(1).entries()) {
      const [body = ''] = part.split(/^## /m)
      const rules = [...body.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
      assert.deepEqual(
        rules,
        rules.map((_, index) => index + 1),
        `${sections[at]}`,
      )
      assert.ok(rules.length > 0 || body.includes('| ---'), `${sections[at]} has no rule`)
    }
    assert.deepEqual(
      sections,
      sections.toSorted((one, other) => asNumber(one) - asNumber(other)),
    )
    for (const [, references = ''] of protocol.matchAll(/\(((?:\d+\.\d+(?:, )?)+)\)/g)) {
      for (const number of references.split(', ')) assert.ok(sections.includes(number), number)
    }
  })

  it('has every section cited by a test, and no other', () => {
    const cited = new Set(nativeCases.flatMap((one) => one.sections))
    for (const file of pagesIn('packages/server/test').filter((name) =>
      name.endsWith('.test.ts'),
    )) {
      for (const [, numbers = ''] of read(file).matchAll(/\(PROTOCOL ((?:\d+\.\d+(?:, )?)+)\)/g)) {
        for (const number of numbers.split(', ')) cited.add(number)
      }
    }
    assert.deepEqual([...cited].toSorted(), sections.toSorted())
  })

  it('has the status of every code that the native API answers with (PROTOCOL 10.2)', () => {
    const { invalid_signature: _, ...wanted } = statusOfCode
    const rows = [...protocol.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)]
    assert.deepEqual(
      rows.map(([, code, status]) => `${code} ${status}`).toSorted(),
      Object.entries(wanted)
        .map(([code, status]) => `${code} ${status}`)
        .toSorted(),
    )
  })

  it('has the numbers of the limits (PROTOCOL 12.1)', () => {
    const [, table = ''] = /### 12\.1 [^]*?\n(\|[^]*?)\n\n/.exec(protocol) ?? []
    const boundOf = (what: string) => {
      const row = table.split('\n').find((line) => line.includes(what))
      return row?.split('|')[2]?.trim()
    }
    const mebi = 1024 * 1024
    const plain = new Intl.NumberFormat('en')
    const limits = defaultLimits
    for (const [what, bound] of [
      ['body that is no stream', `${limits.bodyBytesMax / mebi} MiB`],
      ['all bodies', `${limits.bodiesBytesMax / mebi} MiB`],
      ['events of one request', plain.format(limits.appendEventsMax)],
      ['payload, other attributes', `${limits.eventCharsMax / mebi} MiB of characters`],
      ['`id`', `${limits.idCharsMax} characters`],
      ['`time`', `${limits.timeCharsMax} characters`],
      ['`source`', `${plain.format(limits.nameCharsMax)} characters each`],
      ['events of a page', plain.format(limits.pageEventsMax)],
      ['payloads of a page', `${limits.pageCharsMax / mebi} MiB of characters`],
      ["a page's first event", `${limits.summaryMsMax / 1000} seconds`],
      [
        'summaries at once',
        `${limits.summariesMax}; ${limits.workspaceSummariesMax}; ${limits.summaryMsMax / 1000} seconds`,
      ],
      ['rows of a summary', plain.format(limits.summaryRowsMax)],
      ['reads that wait', plain.format(limits.pendingReadsMax)],
      ['payloads that wait', `${limits.pendingCharsMax / mebi} MiB of characters`],
    ] as const) {
      assert.equal(boundOf(what), bound, what)
    }
  })
})

/** `4.10` as 4010, behind `4.9`. */
function asNumber(section: string): number {
  const [part = 0, place = 0] = section.split('.').map(Number)
  return part * 1000 + place
}
