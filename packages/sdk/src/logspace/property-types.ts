import type { LogspaceProperties, PropertyType } from './event.ts'

/**
 * The maps of properties in the order in which the vendor's agents write them, with our name for each.
 */
export const propertyMaps = [
  ['boolean', 'booleans'],
  ['date', 'dates'],
  ['double', 'doubles'],
  ['float', 'floats'],
  ['integer', 'integers'],
  ['long', 'longs'],
  ['string', 'strings'],
] as const satisfies readonly (readonly [PropertyType, keyof LogspaceProperties])[]
