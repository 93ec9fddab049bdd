/** What somebody with rights did, or who signed in: the data of an audit event (contract 1.8, 1.9). */
export interface AuditEventData {
  readonly actorOrgName?: string
  readonly actorName?: string
  readonly actorEmail?: string
  readonly actorIp?: string
  readonly actorUserAgent?: string
  readonly adminRoles?: readonly string[]
  readonly eventCategory?: string
  readonly eventDescription?: string
  /** What was done, in a sentence. */
  readonly actionText?: string
  readonly targetId?: string
  readonly targetName?: string
  readonly targetType?: string
  readonly targetOrgId?: string
  readonly targetOrgName?: string
  readonly trackingId?: string
  readonly errorCode?: unknown
  readonly errorMessage?: string
  /** Of sign-ins only, as the next four. */
  readonly authenticationMethod?: string
  readonly eventStatus?: string
  readonly actorOauthClient?: string
  readonly actorClientName?: string
  readonly failedReason?: string
  /** There are many more, which are not documented. */
  readonly [field: string]: unknown
}

/** An event of the admin audit or of the security audit. It has neither `resource` nor `type`. */
export interface AuditEvent {
  readonly id: string
  readonly actorId: string
  readonly actorOrgId?: string
  /** When it happened, as on the wire: `2026-03-01T10:00:00.000Z`. */
  readonly created: string
  /** Empty where the answer had none. */
  readonly data: AuditEventData
  /** Fields that are not known here are kept as they came. */
  readonly [field: string]: unknown
}

/** An audit event as it came, but always with `data`. */
export function auditEventOf(item: object): AuditEvent {
  const event = item as AuditEvent & { readonly data?: AuditEventData | null }
  return event.data === undefined || event.data === null ? { ...event, data: {} } : event
}
