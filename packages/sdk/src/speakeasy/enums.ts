// The closed lists of the contract (the vendor's OpenAPI document 0.4.0 and its SDKs).

/**
 * What kind of run of the Speakeasy binary an event is of. `TOMBSTONE` marks a target that was archived.
 */
export const interactionTypes = [
  'CI_EXEC',
  'CLI_EXEC',
  'LINT',
  'OPENAPI_DIFF',
  'TARGET_GENERATE',
  'TOMBSTONE',
  'AUTHENTICATE',
  'QUICKSTART',
  'RUN',
  'CONFIGURE',
  'PUBLISH',
  'TEST',
] as const

/** How a generation raised the version of its target. */
export const generateBumpTypes = [
  'major',
  'minor',
  'patch',
  'custom',
  'graduate',
  'prerelease',
  'none',
] as const

/** Which rise of the version the changes of an OpenAPI document call for. */
export const openapiDiffBumpTypes = ['major', 'minor', 'patch', 'none'] as const

/** One of `interactionTypes`. */
export type InteractionType = (typeof interactionTypes)[number]

/** One of `generateBumpTypes`. */
export type GenerateBumpType = (typeof generateBumpTypes)[number]

/** One of `openapiDiffBumpTypes`. */
export type OpenapiDiffBumpType = (typeof openapiDiffBumpTypes)[number]

/** As it is read: one of those that are known, or one that the vendor has added since. */
export type Open<Known extends string> = Known | (string & {})
