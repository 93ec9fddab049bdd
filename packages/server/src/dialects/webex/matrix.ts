// What Webex's resources are, as data: contract 3.1 (types) and 3.2 (fields of `data`).

/**
 * What a field of `data` holds (contract 3.2 and 3.3). A `time` is `YYYY-MM-DDTHH:MM:SS.mmmZ` and
 * nothing else (digest, rule 6): Python's SDK knows no other format, wxc_sdk fails on an empty one.
 */
export type FieldKind = 'string' | 'boolean' | 'integer' | 'time' | 'object' | 'array' | 'any'

/** A resource: the types of its events, and what its `data` may have, none of it required. */
export interface Resource {
  readonly types: readonly string[]
  readonly fields: Readonly<Record<string, FieldKind>>
  /** Its `data` is undocumented or nearly so: fields that are not listed are no surprise. */
  readonly isOpen?: true
}

const space = { roomId: 'string', roomType: 'string' } as const
const person = { personId: 'string', personEmail: 'string' } as const
const object = { id: 'string', orgId: 'string', created: 'time' } as const

const file = {
  ...object,
  ...space,
  ...person,
  fileContentUrl: 'string',
  fileId: 'string',
  pageNumber: 'integer',
  contentUrl: 'string',
} as const

/** The 13 resources that Webex's OpenAPI document lists (contract 3.1, with the fields of 3.2). */
export const resources: Readonly<Record<string, Resource>> = {
  messages: {
    types: ['created', 'updated', 'deleted'],
    fields: {
      ...object,
      ...space,
      ...person,
      type: 'string',
      text: 'string',
      markdown: 'string',
      html: 'string',
      updated: 'time',
      files: 'array',
      attachments: 'array',
      mentionedPeople: 'array',
      parentId: 'string',
    },
  },
  memberships: {
    types: ['created', 'updated', 'deleted'],
    fields: {
      ...object,
      ...space,
      ...person,
      personDisplayName: 'string',
      personOrgId: 'string',
      isModerator: 'boolean',
      isMonitor: 'boolean',
      isRoomHidden: 'boolean',
    },
  },
  rooms: {
    types: ['updated'],
    fields: {
      ...object,
      title: 'string',
      type: 'string',
      isLocked: 'boolean',
      isPublic: 'boolean',
      isAnnouncementOnly: 'boolean',
      isReadOnly: 'boolean',
      madePublic: 'time',
      teamId: 'string',
      lastActivity: 'time',
      creatorId: 'string',
      ownerId: 'string',
      classificationId: 'string',
      titleEncryptionKeyUrl: 'string',
    },
  },
  tabs: {
    types: ['created', 'updated', 'deleted'],
    fields: {
      ...object,
      ...space,
      displayName: 'string',
      contentUrl: 'string',
      creatorId: 'string',
    },
  },
  attachmentActions: {
    types: ['created'],
    fields: {
      ...object,
      type: 'string',
      messageId: 'string',
      inputs: 'object',
      personId: 'string',
      roomId: 'string',
    },
  },
  files: { types: ['read'], fields: file },
  file_transcodings: { types: ['read'], fields: file },
  meetings: {
    types: ['ended'],
    fields: {
      ...object,
      meetingId: 'string',
      creatorId: 'string',
      host: 'object',
      attendees: 'array',
      // `yes` or `no`.
      transcriptionEnabled: 'string',
      recordingEnabled: 'string',
      hasPostMeetingsChat: 'string',
    },
  },
  meetingTranscripts: {
    types: ['created'],
    fields: { ...object, meetingId: 'string', creatorId: 'string' },
    isOpen: true,
  },
  meetingMessages: {
    types: ['created', 'updated', 'deleted'],
    fields: {
      ...object,
      ...person,
      meetingId: 'string',
      text: 'string',
      type: 'string',
      breakoutSessionId: 'string',
      recipients: 'array',
    },
  },
  // Numbers and truth values are strings here (digest, rule 7): `"192"`, `"true"`. Go's SDK fails
  // over the whole list otherwise. A time without a value is left out, never empty.
  call_records: {
    types: ['created'],
    fields: {
      orgId: 'string',
      // The OpenAPI document and Go's SDK spell it with one r, wxc_sdk with two (contract 3.3).
      corelationId: 'string',
      correlationId: 'string',
      callType: 'string',
      userId: 'string',
      userType: 'string',
      callDirection: 'string',
      isCallAnswered: 'string',
      callDurationSeconds: 'string',
      callStartTime: 'time',
      callAnswerTime: 'time',
      callTransferTime: 'time',
      callingNumber: 'string',
      callingLineId: 'string',
      calledNumber: 'string',
      calledLineId: 'string',
      dialedDigits: 'string',
      callRedirectingNumber: 'string',
      callRedirectedReason: 'string',
    },
  },
  businessTexts: { types: ['created'], fields: { ...object, text: 'string' }, isOpen: true },
  // The guide states no types; `updated` goes with the other two (contract 3.1).
  convergedRecordings: {
    types: ['created', 'updated', 'deleted'],
    fields: object,
    isOpen: true,
  },
}
