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

/**
 * Whether a float of 32 bits holds a number, if not to the digit: special ones, and what rounds to one
 * that is finite, as Java's own spelling of the greatest, 3.4028235E38, does.
 */
export function isOfFloat(value: number): boolean {
  return !Number.isFinite(value) || Number.isFinite(Math.fround(value))
}
