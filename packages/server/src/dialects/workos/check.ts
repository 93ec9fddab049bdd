import { Type, type TSchema } from 'typebox'
import { invalidEvent } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json/json.ts'
import { Shape } from '../../core/shape.ts'
import { catalogue } from './catalogue.ts'
import { anyContext, flagContext, flagRuleContext } from './contexts.ts'
import { optional } from './payload-parts.ts'

const shownFaultsMax = 20

const shapes = new Map([...catalogue].map(([name, data]) => [name, shapeOf(name, data)]))

/**
 * Compares each WorkOS-shaped event of a known type with what such an event holds (contract 3.2): one that
 * lacks something makes the vendor's stricter clients fail on every page that it is on. Events of
 * unknown types pass.
 * @throws EventwellError `invalid_event` that names everything that is wrong with the first such event.
 */
export function checkPayloads(events: readonly JsonObject[]): void {
  for (const [index, event] of events.entries()) {
    const type = event['event'] as string
    const faults = shapes.get(type)?.faults(event) ?? []
    const [first] = faults
    if (first === undefined) continue
    const shown = faults
      .slice(0, shownFaultsMax)
      .map(({ path, problem }) => `${path || 'data'} ${problem}`)
    const rest = faults.length - shown.length
    const more = rest > 0 ? `, and ${rest} more` : ''
    throw invalidEvent(
      index,
      first.path || 'data',
      `${shown.join(', ')}${more}. Strict clients fail on a whole page with a ${type} like that; ` +
        'mend it, or send it with ?check=off to have it kept as it is.',
    )
  }
}

function shapeOf(name: string, data: TSchema): Shape {
  return new Shape(Type.Object({ data, context: contextOf(name) }))
}

function contextOf(name: string): TSchema {
  if (name === 'flag.rule_updated') return flagRuleContext
  return name.startsWith('flag.') ? flagContext : optional(anyContext)
}
