import assert from 'node:assert/strict'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ApiDocument } from '../../src/dialects/native/documentation/openapi.ts'
import type { CaseAnswer, SentRequest } from './run-case.ts'

/** Compares answers with what an OpenAPI document says of them. */
export class Documented {
  readonly #document: ApiDocument
  readonly #compiled = new Map<string, ReturnType<typeof Compile>>()

  constructor(document: ApiDocument) {
    this.#document = document
  }

  /** Fails unless the operation is documented, and its answer is as the document says. */
  check({ method, path }: SentRequest, { status, headers, text }: CaseAnswer): void {
    const [bare = ''] = path.split('?')
    const found = Object.entries(this.#document.paths).find(([template, operations]) => {
      const isIt = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare)
      return isIt && method.toLowerCase() in operations
    })
    if (found === undefined) {
      return assert.ok(status === 404 || status === 405, `${method} ${bare} has no document`)
    }
    const [template, operations] = found
    const where = `${method} ${template} ${status}`
    const response = operations[method.toLowerCase()]!.responses[String(status)]
    assert.ok(response, `${where} is not documented`)
    const known = Object.keys(this.#document.components.headers)
    for (const name of known.filter((one) => headers[one.toLowerCase()] !== undefined)) {
      assert.ok(name in response.headers, `${where}: ${name} is not documented`)
    }
    const [type = ''] = (headers['content-type'] ?? '').split(';')
    if (response.content === undefined) return assert.equal(text, '', where)
    const content = response.content[type]
    assert.ok(content, `${where}: ${type} is not documented`)
    if (!/[/+]json$/.test(type)) return
    const compiled = this.#compile(`${where} ${type}`, content.schema)
    const answer: unknown = JSON.parse(text)
    assert.deepEqual(compiled.Errors(answer), [], `${where}: ${text.slice(0, 500)}`)
  }

  #compile(key: string, schema: unknown): ReturnType<typeof Compile> {
    let compiled = this.#compiled.get(key)
    if (compiled === undefined) {
      const root = { ...(schema as object), components: this.#document.components }
      compiled = Compile(root as TSchema)
      this.#compiled.set(key, compiled)
    }
    return compiled
  }
}
