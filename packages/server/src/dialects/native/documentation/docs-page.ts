import { createHash } from 'node:crypto'
import type { ErrorCode } from '../../../core/errors.ts'
import { statusOfCode } from '../../shared/refusal.ts'
import { docsStyle } from './docs-style.ts'
import { errorMeanings } from './error-meanings.ts'
import type { ApiContent, ApiDocument, ApiOperation, ApiParameter } from './openapi.ts'
import { anchorOf } from '../problem.ts'
import { renderSchema } from './docs-schema.ts'
import { escape, prose } from './html.ts'

const styleHash = createHash('sha256').update(docsStyle).digest('base64')

/** What a browser may do with the page: show it. Nothing runs in it, and nothing else is loaded. */
export const docsPolicy =
  `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; ` +
  "frame-ancestors 'none'"

interface Place {
  readonly path: string
  readonly method: string
  readonly operation: ApiOperation
}

/** The document as a page of HTML that needs no script. */
export function renderDocs(document: ApiDocument): string {
  const { info, components } = document
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Place => ({ path, method, operation })),
  )
  const codes = Object.keys(errorMeanings) as ErrorCode[]
  const schemas = Object.entries(components.schemas)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}: the API</title>
<style>${docsStyle}</style>
</head>
<body>
<nav>
<strong>${escape(info.title)}</strong>
<h2>Operations</h2>
<ul>${places.map(entryOf).join('')}</ul>
<h2>More</h2>
<ul><li><a href="#schemas">Schemas</a></li><li><a href="#errors">Errors</a></li></ul>
</nav>
<main>
<h1>${escape(info.title)}: the API</h1>
<p>${prose(info.description)}</p>
<p class="soft">Version ${escape(info.version)}. For machines: <a href="openapi.json">openapi.json</a>.
The key goes into the header <code>Authorization: Bearer &lt;key&gt;</code>.</p>
${places.map(renderOperation).join('\n')}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => renderNamed(name, renderSchema(schema))).join('\n')}
<h2 id="errors">Errors</h2>
<p>A refusal is an <code>application/problem+json</code> body whose <code>code</code> is one of these. Nothing
of a refused request was stored, unless the answer says what was.</p>
<table>
<tr><th>code</th><th>status</th><th>meaning</th></tr>
${codes.map(renderCode).join('\n')}
</table>
</main>
</body>
</html>
`
}

function entryOf({ path, method, operation }: Place): string {
  const link = `<a href="#${escape(operation.operationId)}">`
  return `<li>${link}${methodOf(method)}${escape(path)}</a></li>`
}

function methodOf(method: string): string {
  return `<span class="method ${escape(method)}">${escape(method)}</span>`
}

function renderOperation({ path, method, operation }: Place): string {
  const { operationId, description, security, parameters, requestBody, responses } = operation
  const scopes = security.flatMap(({ key = [] }) => key)
  const needs = scopes.length === 0 ? 'No key is needed.' : `Needs a key that may ${scopes.join()}.`
  const [sample] = operation['x-codeSamples'] ?? []
  return `<section class="operation" id="${escape(operationId)}">
<h3>${methodOf(method)}<code>${escape(path)}</code></h3>
<p>${prose(description)}</p>
<p class="soft">${escape(needs)}</p>
${sample === undefined ? '' : `<pre><code>${escape(sample.source)}</code></pre>`}
${parameters.length === 0 ? '' : renderParameters(parameters)}
${requestBody === undefined ? '' : `<h4>Body</h4>${renderContent(requestBody.content)}`}
<h4>Answers</h4>
<table>${Object.entries(responses).map(renderResponse).join('')}</table>
</section>`
}

function renderParameters(parameters: readonly ApiParameter[]): string {
  const rows = parameters.map(({ name, in: where, required, description, schema, style }) => {
    const isFree = style === 'form' && typeof schema === 'object' && schema['type'] === 'object'
    const shown = isFree ? `${name}.…` : name
    const place = where === 'query' ? '' : ` <span class="soft">${where}</span>`
    const must = required && where !== 'path' ? ' <span class="soft">required</span>' : ''
    return `<tr><td><code>${escape(shown)}</code>${place}${must}</td><td>${prose(description)}</td></tr>`
  })
  return `<h4>Parameters</h4><table>${rows.join('')}</table>`
}

function renderResponse([status, { description, content }]: [
  string,
  ApiOperation['responses'][string],
]): string {
  const isRefusal = Number(status) >= 400
  const body = content === undefined || isRefusal ? '' : renderContent(content)
  const text = isRefusal ? linkCodes(description) : prose(description)
  return `<tr><td>${escape(status)}</td><td>${text}${body}</td></tr>`
}

function linkCodes(description: string): string {
  return prose(description).replaceAll(
    /<code>(\w+)<\/code>/g,
    (code, name: string) => `<a href="#${anchorOf(name)}">${code}</a>`,
  )
}

function renderContent(content: ApiContent): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `<div><code>${escape(type)}</code>${renderSchema(schema)}</div>`)
    .join('')
}

function renderNamed(name: string, schema: string): string {
  const id = `schema-${escape(name)}`
  return `<section class="operation" id="${id}"><h3>${escape(name)}</h3>${schema}</section>`
}

function renderCode(code: ErrorCode): string {
  const cells = [`<code>${code}</code>`, String(statusOfCode[code]), prose(errorMeanings[code])]
  return `<tr id="${anchorOf(code)}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}
