/**
 * One of these texts, or one that came later: WorkOS adds some every month. An editor offers the ones
 * that are known.
 */
export type OneOf<Text extends string> = Text | (string & {})

/** Attributes, metadata and the like: whatever keys. */
export type Attributes = Record<string, unknown>

/** When something was made and last changed: RFC 3339. */
export interface Lifetime {
  created_at: string
  updated_at: string
}

/** A role by its name. */
export interface RoleSlug {
  slug: string
}

/** From where somebody came, as far as it is known. */
export interface ClientOrigin {
  ip_address: string | null
  user_agent: string | null
}
