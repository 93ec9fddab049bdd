import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { scopes, type Keys } from '../src/core/access.ts'
import { KeyRing } from '../src/keys/key-ring.ts'
import type { ApiDocument } from '../src/dialects/native/documentation/openapi.ts'
import { startServer, type RunningServer } from '../src/server.ts'
import { nativeCases } from './native-cases.ts'
import { Documented } from './support/documented.ts'
import { temporaryFolder } from './support/folder.ts'
import { MemoryApp } from './support/memory-app.ts'
import { runCase, type Send } from './support/run-case.ts'

// The cases of the native API, in memory and over a socket, and every answer as the document says.

const everyKey: Keys = {
  authenticate: (key) => ({ workspace: key, scopes, isDevelopment: false }),
}

describe('The native API in memory', () => {
  const app = new MemoryApp({ keys: everyKey })
  const sendAs =
    (key: string): Send =>
    async ({ method, path, headers, body }) => {
      const {
        statusCode,
        headers: found,
        body: text,
      } = await app.send({
        method,
        url: path,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body !== undefined && { payload: body }),
      })
      const shown = Object.entries(found).map(([name, value]) => [name, String(value)])
      return { status: statusCode, headers: Object.fromEntries(shown), text }
    }
  let documented: Documented
  before(async () => {
    const answer = await app.send({ method: 'GET', url: '/eventwell/openapi.json' })
    documented = new Documented(answer.json() as ApiDocument)
  })
  after(() => app.close())

  for (const [index, one] of nativeCases.entries()) {
    it(one.name, () =>
      runCase(one, sendAs(`case-${index}`), (request, answer) => documented.check(request, answer)),
    )
  }

  it('an answer that is not as the document says would be noticed', () => {
    const request = {
      method: 'GET',
      path: '/eventwell/events',
      headers: {},
      body: undefined,
    } as const
    const headers = { 'content-type': 'application/json' }
    const text = '{"events":[{"id":"1"}],"cursor":"c","more":false}'
    documented.check(request, { status: 200, headers, text })
    for (const wrong of [text.replace('"1"', '1'), text.replace('more', 'less')]) {
      assert.throws(() => documented.check(request, { status: 200, headers, text: wrong }))
    }
    assert.throws(() => documented.check(request, { status: 206, headers, text }))
  })

  it('has a case for every operation', async () => {
    const answer = await app.send({ method: 'GET', url: '/eventwell/openapi.json' })
    const { paths } = answer.json() as ApiDocument
    const asked = nativeCases.flatMap(({ steps }) =>
      steps.map(({ method = 'GET', path }) => `${method} ${path.split('?')[0]}`),
    )
    for (const [template, operations] of Object.entries(paths)) {
      for (const method of Object.keys(operations)) {
        // Its answer never ends: its tests are its own.
        if (template === '/eventwell/tail') continue
        const path = template.slice('/eventwell'.length).replaceAll(/\{\w+\}/g, '[^/]+')
        const pattern = new RegExp(`^${method.toUpperCase()} ${path}$`)
        assert.ok(
          asked.some((one) => pattern.test(one)),
          `${method} ${template}`,
        )
      }
    }
  })
})

describe('The native API over a socket', () => {
  const folder = temporaryFolder()
  let server: RunningServer
  let keyRing: KeyRing
  before(async () => {
    server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: folder.path })
    keyRing = new KeyRing(folder.path)
  })
  after(async () => {
    await server.close()
    keyRing.close()
    folder.remove()
  })

  for (const [index, one] of nativeCases.entries()) {
    it(one.name, async () => {
      const name = `case-${index}`
      const key = keyRing.create(name, name, [...scopes])
      await runCase(one, async ({ method, path, headers, body }) => {
        const answer = await fetch(`${server.url}${path}`, {
          method,
          headers: { authorization: `Bearer ${key}`, ...headers },
          ...(body !== undefined && { body }),
        })
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          text: await answer.text(),
        }
      })
    })
  }
})
