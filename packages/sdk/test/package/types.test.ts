import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { temporaryFolder } from '../../../server/test/support/folder.ts'
import { compile, projectWithClient, writeText } from './packed.ts'

// The packed client in an empty TypeScript project, as strict as can be and without Node's types:
// `consumer.ts` must compile, and what is wrong must not.

const strict = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  verbatimModuleSyntax: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
}

const resolutions = {
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  'bundler, preserve': { module: 'preserve', moduleResolution: 'bundler' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
}

// The imports that a wrong line has before it.
const preamble = [
  "import { Eventwell } from '@eventwell/client'",
  "import { Outbox } from '@eventwell/client/outbox'",
  "import { Logspace, type LogspaceProperties } from '@eventwell/client/logspace'",
  "import { Speakeasy } from '@eventwell/client/speakeasy'",
  "import { Webex } from '@eventwell/client/webex'",
  "import { eventNames, verifyWebhook, WorkOS } from '@eventwell/client/workos'",
  "const native = new Eventwell({ url: 'http://localhost', key: 'k' })",
  "const logspace = new Logspace({ hqUrl: 'http://localhost', spaceToken: 'k' })",
  "const speakeasy = new Speakeasy({ security: { bearer: 'k' } })",
  "const rooms = await new Webex({ accessToken: 'k' }).events.list({ resource: 'rooms' })",
  "const workos = new WorkOS({ apiKey: 'k' })",
  "const created = await workos.events.listEvents({ events: ['session.created'] })",
  "const hook = await verifyWebhook({ payload: '', header: '', secret: '' })",
  "const [id, agentId, timestamp] = ['i', 'a', new Date()]",
].join('; ')

const wrong: readonly (readonly [what: string, line: string, code: string])[] = [
  ['a client without its key', "new Eventwell({ url: 'http://localhost' })", 'TS2741'],
  ['an option that is none', "new WorkOS({ apiKey: 'k', timeout: 5 })", 'TS2561'],
  ['a time as text', "new Webex({ accessToken: 'k', timeoutMs: '5' })", 'TS2322'],
  ['retries switched on by true', "new Webex({ accessToken: 'k', retry: true })", 'TS2322'],
  [
    'two credentials at once',
    "new Speakeasy({ security: { apiKey: 'k', bearer: 'b' } })",
    'TS2322',
  ],
  ['an event without a source', "void native.append({ type: 'a.b' })", 'TS2769'],
  ['events without a source', "void native.append([{ type: 'a.b' }])", 'TS2769'],
  ['an id without its source', "void native.get({ id: '1' })", 'TS2769'],
  ['a lease of no object', "void native.consumer('c').lease(60)", 'TS2345'],
  ['a query that is none', "native.read({ typ: 'a' })", 'TS2561'],
  ['a direction that is none', "void native.list({ direction: 'down' })", 'TS2322'],
  ['a receipt of many as one', '(await native.append([])).sequence', 'TS2339'],
  ['a payload that nobody looked at', '(await native.list()).events[0]?.data.to', 'TS2571'],
  ['an error that nobody looked at', 'try { } catch (error) { error.status }', 'TS18046'],
  ['the payload of another name', 'created.data[0]?.data.email', 'TS2339'],
  ['a name that is none', 'eventNames.UserCreate', 'TS2551'],
  ['the payload of an event of any name', 'hook.data.email', 'TS2339'],
  ['a webhook without its secret', "void verifyWebhook({ payload: '', header: '' })", 'TS2741'],
  ['the data of another resource', "rooms.items[0]?.data['toPersonEmail'].length", 'TS2571'],
  ['a long as text', "const longs: LogspaceProperties['longs'] = { n: '1' }", 'TS2322'],
  [
    'an event without its system',
    'void logspace.storeEvents([{ id, agentId, timestamp }])',
    'TS2741',
  ],
  [
    'a kind of run that is none',
    "void speakeasy.events.search({ interactionType: 'RAN' })",
    'TS2322',
  ],
  [
    'an outbox without a folder',
    "void Outbox.open({ url: 'http://localhost', key: 'k' })",
    'TS2741',
  ],
]

describe('the packed client in an empty TypeScript project', () => {
  const folder = temporaryFolder()
  let project: string
  before(async () => {
    project = (await projectWithClient(folder.path)).folder
    const consumer = new URL('consumer.ts', import.meta.url)
    writeText(join(project, 'consumer.ts'), readFileSync(consumer, 'utf8'))
    const lines = wrong.map(([, line]) => `{ ${line} }`)
    writeText(join(project, 'wrong.ts'), `${preamble}\n${lines.join('\n')}\n`)
  })
  after(() => folder.remove())

  for (const [name, resolution] of Object.entries(resolutions)) {
    for (const exactOptionalPropertyTypes of [true, false]) {
      const exact = exactOptionalPropertyTypes ? 'exact' : 'not exact'
      it(`${name}, optional properties ${exact}: the program compiles`, async () => {
        const compilerOptions = { ...strict, ...resolution, exactOptionalPropertyTypes }
        const include = ['consumer.ts']
        assert.deepEqual(await compile(project, { compilerOptions, include }), [])
      })
    }
  }

  it('what is wrong does not compile', async () => {
    const compilerOptions = { ...strict, ...resolutions.nodenext }
    const errors = await compile(project, { compilerOptions, include: ['wrong.ts'] })
    const found = errors.map(({ line, code, text }) => [line - 2, code, text] as const)
    for (const [at, [what, , code]] of wrong.entries()) {
      const codes = found.filter(([line]) => line === at).map(([, one, text]) => `${one} ${text}`)
      assert.ok(codes.length === 1 && codes[0]!.startsWith(code), `${what}: ${codes.join('; ')}`)
    }
    assert.equal(found.length, wrong.length, JSON.stringify(found))
  })
})
