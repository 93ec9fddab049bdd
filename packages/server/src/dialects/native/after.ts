import Type from 'typebox'

/** What stands for the place before all events. */
export const oldest = 'oldest'

/** The parameter that says behind which place to begin: a cursor, or `oldest`. */
export function afterProperty(description: string) {
  return Type.Optional(Type.String({ description }))
}

/** The cursor that `after` gives; undefined for the place before all events. */
export function cursorOf(after: string | undefined): string | undefined {
  return after === oldest ? undefined : after
}
