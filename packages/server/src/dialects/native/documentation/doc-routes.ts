import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Services } from '../../contract.ts'
import { addRoutes } from '../../shared/routes.ts'
import { docsPolicy, renderDocs } from './docs-page.ts'
import { documentOf } from './openapi.ts'
import type { NativeOperation } from '../operation.ts'
import { prefixes } from '../prefixes.ts'

/** The documentation of all this, for machines and for people. */
export const docOperations = [
  {
    name: 'getOpenapi',
    method: 'GET',
    path: '/openapi.json',
    note: 'OpenAPI 3.1, without a key',
    summary: 'This API as an OpenAPI 3.1 document, made of the schemas that validate requests.',
    answers: {
      200: {
        description: 'The document.',
        content: { 'application/json': Type.Object({ openapi: Type.String() }) },
      },
    },
    example: { target: '/openapi.json' },
  },
  {
    name: 'getDocs',
    method: 'GET',
    path: '/docs',
    note: 'a page for people, without a key',
    summary: 'The same as a page to read. Each error code is explained there: `#error-<code>`.',
    answers: { 200: { description: 'The page.', content: { 'text/html': Type.String() } } },
    example: { target: '/docs' },
  },
] as const satisfies readonly NativeOperation[]

/** Adds the routes that document these operations. */
export function mountDocs(
  app: FastifyInstance,
  { publicUrl }: Services,
  operations: readonly NativeOperation[],
): void {
  const document = documentOf(operations, publicUrl)
  const text = JSON.stringify(document)
  const page = renderDocs(document)
  addRoutes(app, prefixes, docOperations, {
    getOpenapi: { handler: (_request, reply) => reply.type('application/json').send(text) },
    getDocs: {
      handler: (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header('content-security-policy', docsPolicy)
          .header('x-content-type-options', 'nosniff')
          .send(page),
    },
  })
}
