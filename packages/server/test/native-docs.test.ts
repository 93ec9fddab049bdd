import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import Type from 'typebox'
import { renderDocs } from '../src/dialects/native/documentation/docs-page.ts'
import { errorMeanings } from '../src/dialects/native/documentation/error-meanings.ts'
import { documentOf, type ApiDocument } from '../src/dialects/native/documentation/openapi.ts'
import type { NativeOperation } from '../src/dialects/native/operation.ts'
import { operations } from '../src/dialects/native/operations.ts'
import { startServer, type RunningServer } from '../src/server.ts'
import { temporaryFolder } from './support/folder.ts'
import { readCurl } from './support/read-curl.ts'

const document = documentOf(operations, undefined)
const shown = Object.values(document.paths).flatMap((methods) => Object.values(methods))

describe('The OpenAPI document', () => {
  it('is one, by the rules of OpenAPI 3.1', async () => {
    const asServed = JSON.parse(JSON.stringify(document)) as Record<string, unknown>
    assert.deepEqual(await new Validator().validate(asServed), { valid: true })
  })

  it('has every operation once, by a name that clients can use', () => {
    const names = shown.map(({ operationId }) => operationId)
    assert.equal(names.length, operations.length)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.match(name, /^[a-z][A-Za-z]*$/)
  })

  it('says of each parameter and each answer what it is', () => {
    for (const { operationId, description, parameters, responses } of shown) {
      assert.notEqual(description, '', operationId)
      for (const parameter of parameters) {
        assert.notEqual(parameter.description, '', `${operationId} ${parameter.name}`)
      }
      assert.ok(
        Object.keys(responses).some((status) => status.startsWith('2')),
        operationId,
      )
    }
  })

  it('has the version of the package', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    assert.equal(document.info.version, (JSON.parse(manifest) as { version: string }).version)
  })

  it('says what each operation belongs to, and what it may refuse', () => {
    const refusals = (name: string) => {
      const { responses } = shown.find(({ operationId }) => operationId === name)!
      return Object.keys(responses).filter((status) => status >= '400')
    }
    const tags = new Set(document.tags.map(({ name }) => name))
    assert.deepEqual(new Set(shown.flatMap((operation) => operation.tags)), tags)
    assert.ok(!tags.has('other'))
    for (const { operationId, responses } of shown) assert.ok('400' in responses, operationId)
    const notFound = shown.filter(({ responses }) => '404' in responses)
    assert.deepEqual(
      notFound.map(({ operationId }) => operationId),
      ['getEvent', 'getConsumer', 'forgetConsumer', 'releaseLease'],
    )
    assert.deepEqual(refusals('getDocs'), ['400'])
    assert.deepEqual(refusals('getRetention'), ['400', '401', '403', '429', '503'])
  })

  it('says which headers answers have', () => {
    const { headers } = document.components
    const named = (name: string, status: number) => {
      const { responses } = shown.find(({ operationId }) => operationId === name)!
      const found = Object.entries(responses[status]!.headers)
      for (const [header, { $ref }] of found) {
        assert.equal($ref, `#/components/headers/${header}`)
        assert.ok(header in headers)
      }
      return found.map(([header]) => header)
    }
    assert.ok(named('appendEvents', 200).includes('Idempotency-Replayed'))
    assert.ok(named('exportEvents', 200).includes('Eventwell-Gap'))
    assert.ok(named('listEvents', 200).includes('RateLimit'))
    assert.deepEqual(named('listEvents', 401), ['X-Request-Id', 'WWW-Authenticate'])
    for (const status of [429, 503]) {
      assert.ok(named('listEvents', status).includes('Retry-After'))
    }
    assert.deepEqual(named('getDocs', 200), ['X-Request-Id'])
  })

  it('refers to nothing that it does not have', () => {
    const { schemas } = document.components
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)
    const names = new Set([...references].map(([, name = '']) => name))
    assert.ok(names.has('Problem') && names.has('CloudEvent'))
    assert.deepEqual([...names].toSorted(), Object.keys(schemas).toSorted())
  })

  it('shows the address that clients know, and no key, where one is set', () => {
    const { servers, paths } = documentOf(operations, 'https://events.example.com/base')
    assert.deepEqual(servers, [{ url: 'https://events.example.com/base' }])
    const [sample] = paths['/eventwell/events']!['get']!['x-codeSamples']!
    assert.match(sample!.source, /^curl 'https:\/\/events\.example\.com\/base\/eventwell\/events/)
    assert.ok(sample!.source.includes("'Authorization: Bearer <key>'"))
  })
})

describe('The page of the documentation', () => {
  it('explains every code, each in a place of its own', () => {
    const source = readFileSync(new URL('../src/core/errors.ts', import.meta.url), 'utf8')
    const codes = source.match(/(?<=^ {2}\| ')\w+(?=')/gm)!
    assert.deepEqual(Object.keys(errorMeanings).toSorted(), codes.toSorted())
    const page = renderDocs(document)
    for (const code of codes) assert.ok(page.includes(`id="error-${code}"`), code)
  })

  it('leads nowhere that is not on it, but to the document', () => {
    const page = renderDocs(document)
    const places = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    assert.equal(places.size, [...page.matchAll(/ id="/g)].length)
    for (const [, target] of page.matchAll(/ (?:href|src)="([^"]+)"/g)) {
      const isThere = target!.startsWith('#') && places.has(target!.slice(1))
      assert.ok(isThere || target === 'openapi.json', `${target}`)
    }
  })

  it('shows what has a meaning in HTML as text', () => {
    const evil = '<script>alert("1")</script>&\'`<b>`'
    const operation: NativeOperation = {
      name: 'evil',
      method: 'GET',
      path: '/:evil',
      note: '',
      summary: evil,
      pathParameters: { evil: Type.String({ description: evil }) },
      answers: {
        200: {
          description: evil,
          content: { 'text/<b>': Type.Object({ '<b>': Type.Literal(evil) }) },
        },
      },
      example: { target: `/'${evil}` },
    }
    const page = renderDocs(documentOf([operation], undefined))
    assert.doesNotMatch(page, /<script|<b>|style=|javascript:|onerror/)
    assert.equal(page.match(/<style>/g)?.length, 1)
    assert.ok(page.includes('&lt;script&gt;'))
  })
})

describe('The examples of the documentation', () => {
  const folder = temporaryFolder()
  let server: RunningServer
  before(async () => {
    server = await startServer({ host: '127.0.0.1', port: 0, dataFolder: folder.path })
  })
  after(async () => {
    await server.close()
    folder.remove()
  })

  it('succeed, one after the other, on a fresh server', async () => {
    const answer = await fetch(`${server.url}/eventwell/openapi.json`)
    const { paths } = (await answer.json()) as ApiDocument
    let count = 0
    for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
      for (const { source } of operation['x-codeSamples'] ?? []) {
        const { url, ...request } = readCurl(source)
        const asked = new AbortController()
        const { ok, status } = await fetch(url.replace('http://127.0.0.1:4567', server.url), {
          ...request,
          signal: asked.signal,
        })
        assert.ok(ok, `${source}: ${status}`)
        asked.abort()
        count += 1
      }
    }
    assert.ok(count >= 9, `${count} examples`)
  })
})
