import Type from 'typebox'
import { statusOfCode } from '../../shared/refusal.ts'
import { versionHere } from '../../../core/version.ts'
import { answerHeaders } from './answer-headers.ts'
import { headersOf } from './headers-of.ts'
import { curlOf } from './curl.ts'
import type { Contents, NativeOperation } from '../operation.ts'
import type { FreeParameters } from '../parameters.ts'
import { prefixes } from '../prefixes.ts'
import { problemType } from '../problem.ts'
import { refusalsOf } from './refusals.ts'
import { SchemaComponents, type ShownSchema } from './schema-components.ts'
import { problemSchema } from '../schemas.ts'

/** A parameter as the document shows it. */
export interface ApiParameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly description: string
  readonly required: boolean
  readonly schema: ShownSchema
  readonly style?: string
  readonly explode?: boolean
}

/** Bodies by media type. */
export type ApiContent = Readonly<Record<string, { readonly schema: ShownSchema }>>

/** An answer as the document shows it. */
export interface ApiResponse {
  readonly description: string
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>
  readonly content?: ApiContent
}

/** An operation as the document shows it. */
export interface ApiOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly ApiParameter[]
  readonly requestBody?: { readonly required: true; readonly content: ApiContent }
  readonly responses: Readonly<Record<string, ApiResponse>>
  readonly 'x-codeSamples'?: readonly { readonly lang: string; readonly source: string }[]
}

/** The document: OpenAPI 3.1. */
export interface ApiDocument {
  readonly openapi: '3.1.1'
  readonly info: Readonly<Record<'title' | 'version' | 'description', string>>
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, ShownSchema>>
    readonly headers: Readonly<
      Record<string, { readonly description: string; readonly schema: ShownSchema }>
    >
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

const description =
  'Events in and out as CloudEvents 1.0, in one order for each workspace. A 2xx means kept. A cursor is a ' +
  'place in that order: whoever stores it and goes on from it sees every event once. ' +
  'Another method on a path is refused with 405 `method_not_allowed` and the header `Allow`.'
const keyDescription = 'A key of the workspace; the scope that an operation needs is named with it.'

/** The document of all operations, made of the very tables that serve and validate them. */
export function documentOf(
  operations: readonly NativeOperation[],
  publicUrl: string | undefined,
): ApiDocument {
  const components = new SchemaComponents()
  const paths: Record<string, Record<string, ApiOperation>> = {}
  for (const operation of operations) {
    const methods = (paths[pathOf(operation)] ??= {})
    methods[operation.method.toLowerCase()] = shownOperation(operation, components, publicUrl)
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Eventwell', version: versionHere(), description },
    servers: [{ url: publicUrl ?? '/' }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.all(),
      headers: shownHeaders(components),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: keyDescription } },
    },
  }
}

function shownHeaders(components: SchemaComponents): ApiDocument['components']['headers'] {
  const shown = Object.entries(answerHeaders).map(([name, header]) => {
    const { description: meaning = '', ...schema } = header as { description?: string }
    return [name, { description: meaning, schema: components.shown(schema) }]
  })
  return Object.fromEntries(shown) as ApiDocument['components']['headers']
}

function tagOf({ tag = 'other' }: NativeOperation): string {
  return tag
}

function pathOf({ path, prefixes: [own = prefixes[0]] = prefixes }: NativeOperation): string {
  return `${own}${path}`.replaceAll(/:(\w+)/g, '{$1}')
}

function shownOperation(
  operation: NativeOperation,
  components: SchemaComponents,
  publicUrl: string | undefined,
): ApiOperation {
  const { name, summary, scope, body, example } = operation
  return {
    operationId: name,
    tags: [tagOf(operation)],
    summary: /^.*?[.:](?=\s|$)/s.exec(summary)?.[0].slice(0, -1) ?? summary,
    description: summary,
    security: scope === undefined ? [] : [{ key: [scope] }],
    parameters: parametersOf(operation, components),
    ...(body !== undefined && {
      requestBody: { required: true, content: contentOf(body, components) },
    }),
    responses: { ...answersOf(operation, components), ...refusedOf(operation, components) },
    ...(example !== undefined && {
      'x-codeSamples': [{ lang: 'Shell', source: curlOf(operation, example, publicUrl) }],
    }),
  }
}

function parametersOf(
  { parameters, pathParameters = {}, headers = {} }: NativeOperation,
  components: SchemaComponents,
): ApiParameter[] {
  const inPath = namedParameters('path', Type.Object(pathParameters), components)
  const inQuery = namedParameters('query', parameters?.schema ?? Type.Object({}), components)
  const inHeader = namedParameters('header', Type.Object(headers), components)
  return [...inPath, ...inQuery, ...(parameters?.free ?? []).map(freeParameter), ...inHeader]
}

function namedParameters(
  where: ApiParameter['in'],
  object: ReturnType<typeof Type.Object>,
  components: SchemaComponents,
): ApiParameter[] {
  const required = (object as { required?: readonly string[] }).required ?? []
  return Object.entries(object.properties).map(([name, schema]) => {
    const { description: meaning = '', ...rest } = schema as { description?: string }
    const parameter: ApiParameter = {
      name,
      in: where,
      description: meaning,
      required: required.includes(name),
      schema: components.shown(rest),
    }
    // Several values are several parameters of the same name.
    const isList = (rest as { type?: string }).type === 'array'
    return isList ? Object.assign(parameter, { style: 'form', explode: true }) : parameter
  })
}

/** Parameters whose names begin alike are one, whose value is an object: its members are the parameters. */
function freeParameter({ prefix, description: meaning }: FreeParameters): ApiParameter {
  return {
    name: prefix.replace(/\.$/, ''),
    in: 'query',
    description: meaning,
    required: false,
    style: 'form',
    explode: true,
    schema: {
      type: 'object',
      patternProperties: { [`^${prefix.replaceAll('.', '\\.')}.`]: { type: 'string' } },
      additionalProperties: false,
    },
  }
}

function answersOf(operation: NativeOperation, components: SchemaComponents) {
  const shown = Object.entries(operation.answers).map(
    ([status, { description: meaning, content }]) => [
      status,
      {
        description: meaning,
        headers: headerReferences(operation, Number(status)),
        ...(content !== undefined && { content: contentOf(content, components) }),
      },
    ],
  )
  return Object.fromEntries(shown) as ApiOperation['responses']
}

function refusedOf(operation: NativeOperation, components: SchemaComponents) {
  const byStatus = Map.groupBy(refusalsOf(operation), (code) => statusOfCode[code])
  const shown = [...byStatus].map(([status, codes]) => [
    status,
    {
      description: `Refused: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
      headers: headerReferences(operation, status),
      content: { [problemType]: { schema: components.shown(problemSchema) } },
    },
  ])
  return Object.fromEntries(shown) as ApiOperation['responses']
}

function headerReferences(operation: NativeOperation, status: number): ApiResponse['headers'] {
  const names = headersOf(operation, status)
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

function contentOf(contents: Contents, components: SchemaComponents): ApiContent {
  const shown = Object.entries(contents).map(([type, schema]) => {
    return [type, { schema: components.shown(schema) }]
  })
  return Object.fromEntries(shown) as ApiContent
}
