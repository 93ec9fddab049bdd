import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import { EventwellError } from '../../core/errors.ts'
import { isJsonObject, jsonType } from '../../core/json/json.ts'
import { Shape } from '../../core/shape.ts'
import { bodyJson } from '../shared/body.ts'

/**
 * A body that is one small JSON object: the schema that documents it also validates it and types what is
 * read.
 */
export class ObjectBody<T extends TSchema> {
  readonly schema: T
  readonly #shape: Shape
  readonly #wanted: string

  /** `wanted` says what the body must be, to stand after "The body must be". */
  constructor(schema: T, wanted: string) {
    this.schema = schema
    this.#shape = new Shape(schema)
    this.#wanted = wanted
  }

  /** @throws EventwellError `invalid_json`, or `invalid_query` naming the member and what is allowed. */
  read(request: FastifyRequest): Static<T> {
    const body = bodyJson(request)
    if (!isJsonObject(body)) {
      const message = `The body must be ${this.#wanted}, not ${jsonType(body)}.`
      throw new EventwellError('invalid_query', message)
    }
    const [fault] = this.#shape.faults(body)
    if (fault === undefined) return body as Static<T>
    const what = fault.path === '' ? 'It' : fault.path
    const message = `${what} ${fault.problem}. The body must be ${this.#wanted}.`
    throw new EventwellError(
      'invalid_query',
      message,
      fault.path === '' ? [] : { field: fault.path },
    )
  }
}
