import type { TSchema } from 'typebox'

/** A JSON Schema as the document holds it: plain JSON, in which schemas that have a title are references. */
export type ShownSchema = boolean | { readonly [keyword: string]: unknown }

/** Collects the schemas that have a title, so that each stands in the document once. */
export class SchemaComponents {
  readonly #byTitle = new Map<string, ShownSchema>()

  /** A schema as it stands in the document. */
  shown(schema: TSchema): ShownSchema {
    return this.#shown(JSON.parse(JSON.stringify(schema))) as ShownSchema
  }

  /** All that were met, by title. */
  all(): Record<string, ShownSchema> {
    return Object.fromEntries(
      [...this.#byTitle].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    )
  }

  #shown(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((element) => this.#shown(element))
    if (typeof value !== 'object' || value === null) return value
    const { title, ...rest } = value as { readonly title?: unknown }
    // A property may be named title, too; that is a schema, and no text.
    const isNamed = typeof title === 'string'
    const members = Object.entries(isNamed ? rest : value)
    const shown = Object.fromEntries(members.map(([name, part]) => [name, this.#shown(part)]))
    if (!isNamed) return shown
    this.#byTitle.set(title, shown)
    return { $ref: `#/components/schemas/${title}` }
  }
}
