import { escape, prose } from './html.ts'
import type { ShownSchema } from './schema-components.ts'

const referenceStart = '#/components/schemas/'

/** A schema as HTML: what it is, and a list of what an object has in it. */
export function renderSchema(schema: ShownSchema): string {
  if (typeof schema === 'boolean') return ' <span class="soft">any value</span>'
  const description = textOf(schema['description'])
  const meaning = description === undefined ? '' : ` ${prose(description)}`
  return ` <span class="soft">${kindOf(schema)}</span>${meaning}${membersOf(schema)}`
}

/** What kind of value a schema stands for, in a few words. */
function kindOf(schema: ShownSchema): string {
  if (typeof schema === 'boolean') return 'any value'
  const { $ref: reference, type, items, anyOf, enum: choices, format } = schema
  if (typeof reference === 'string') return linkTo(reference)
  if ('const' in schema) return escape(JSON.stringify(schema['const']))
  if (Array.isArray(choices)) return choices.map((one) => escape(JSON.stringify(one))).join(' or ')
  if (Array.isArray(anyOf)) return (anyOf as ShownSchema[]).map(kindOf).join(' or ')
  if (type === 'array') return `array of ${kindOf((items as ShownSchema | undefined) ?? true)}`
  const kind = typeof type === 'string' ? type : 'any value'
  return escape(typeof format === 'string' ? `${kind}, ${format}` : kind)
}

function linkTo(reference: string): string {
  const name = reference.slice(referenceStart.length)
  return `<a href="#schema-${escape(name)}">${escape(name)}</a>`
}

function membersOf(schema: { readonly [keyword: string]: unknown }): string {
  const { properties, required = [], items, anyOf } = schema
  if (Array.isArray(anyOf)) return (anyOf as ShownSchema[]).map(innerMembersOf).join('')
  if (typeof properties === 'object' && properties !== null) {
    const members = Object.entries(properties as Record<string, ShownSchema>).map(
      ([name, member]) => {
        const optional = (required as string[]).includes(name) ? '' : '?'
        return `<li><code>${escape(name)}${optional}</code>${renderSchema(member)}</li>`
      },
    )
    return `<ul class="schema">${members.join('')}</ul>`
  }
  return innerMembersOf((items as ShownSchema | undefined) ?? true)
}

function innerMembersOf(schema: ShownSchema): string {
  return typeof schema === 'boolean' ? '' : membersOf(schema)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
