import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { dialects } from '../packages/server/src/dialects.ts'
import type { Dialect } from '../packages/server/src/dialects/contract.ts'

// What the dialects' pages say is supported is made of the very tables that the routes are made of.
// `npm run docs` writes it; the tidy test tells when that was forgotten.

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'dialects')
const begin = '<!-- operations: written by `npm run docs` -->'
const end = '<!-- /operations -->'

/** A dialect's page, and what it should be by the dialect's table. */
export interface SupportPage {
  readonly file: string
  readonly written: string
  readonly wanted: string
}

/** The pages of all dialects. */
export async function supportPages(): Promise<SupportPage[]> {
  return Promise.all(dialects.map(pageOf))
}

async function pageOf(dialect: Dialect): Promise<SupportPage> {
  const file = join(folder, `${dialect.name}.md`)
  const written = readFileSync(file, 'utf8')
  const [before, after] = [written.indexOf(begin), written.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`${file} lacks its marks ${begin} … ${end}`)
  const text = `${written.slice(0, before)}${begin}\n\n${tableOf(dialect)}\n\n${written.slice(after)}`
  const options = await resolveConfig(file)
  return { file, written, wanted: await format(text, { ...options, filepath: file }) }
}

function tableOf({ prefixes, operations, absent }: Dialect): string {
  const rows = operations.map((operation) => {
    const [prefix] = ('prefixes' in operation && operation.prefixes) || prefixes
    const path = `${prefix}${operation.path}`.replaceAll(/:(\w+)/g, '{$1}')
    return [operation.name, `\`${operation.method} ${path}\``, answerWith('yes', operation.note)]
  })
  const missing = absent.map(({ name, reason }) => [
    name,
    '',
    answerWith(reason.startsWith('not yet') ? '' : 'no', reason),
  ])
  const lines = [['operation', 'route', 'supported'], ['-', '-', '-'], ...rows, ...missing]
  const others = prefixes.slice(1).map((prefix) => `\`${prefix}\``)
  const isOwn = operations.some((operation) => 'prefixes' in operation)
  const each = isOwn ? 'What stands at the root stands also' : 'Each also'
  const also = others.length > 0 ? `\n\n${each} under ${others.join(', ')}.` : ''
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n') + also
}

function answerWith(answer: string, note: string): string {
  return [answer, note].filter((part) => part !== '').join(': ')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, wanted } of await supportPages()) writeFileSync(file, wanted)
}
