// What `data` holds, by resource: the vendor's OpenAPI document, and what its clients and captures have besides
// (contract 3.2). Every field may be absent, and the vendor may add fields at any time.

/** A value of a list that may grow: the known ones are offered, and any text is taken. */
export type Open<T extends string> = T | (string & {})

/** What the data of any event may have. */
export interface EventData {
  readonly id?: string
  readonly orgId?: string
  /** When the thing was made, as on the wire: `2026-03-01T10:00:00.000Z`. */
  readonly created?: string
  /** Fields that are not known here are kept as they came. */
  readonly [field: string]: unknown
}

/** Where something was said, and by whom. */
export interface RoomEventData extends EventData {
  readonly roomId?: string
  readonly roomType?: Open<'direct' | 'group'>
  readonly personId?: string
  readonly personEmail?: string
}

/** Of a message that was sent or changed. */
export interface MessageData extends RoomEventData {
  readonly text?: string
  readonly markdown?: string
  readonly html?: string
  readonly updated?: string
  /** Addresses of files. Often absent in events, also where the message has some. */
  readonly files?: readonly string[]
  /** Cards. */
  readonly attachments?: readonly object[]
  readonly mentionedPeople?: readonly string[]
  readonly parentId?: string
}

/** Of a message that was deleted: its text is not told. */
export type DeletedMessageData = RoomEventData

/** Of somebody's membership of a space. */
export interface MembershipData extends RoomEventData {
  readonly personDisplayName?: string
  readonly personOrgId?: string
  readonly isModerator?: boolean
  readonly isMonitor?: boolean
  readonly isRoomHidden?: boolean
}

/** Of a space. */
export interface RoomData extends EventData {
  readonly title?: string
  readonly type?: Open<'direct' | 'group'>
  readonly isLocked?: boolean
  readonly isPublic?: boolean
  readonly isAnnouncementOnly?: boolean
  readonly isReadOnly?: boolean
  readonly madePublic?: string
  readonly teamId?: string
  readonly lastActivity?: string
  readonly creatorId?: string
  readonly ownerId?: string
  readonly classificationId?: string
  readonly titleEncryptionKeyUrl?: string
}

/** Of a tab in a space. */
export interface TabData extends RoomEventData {
  readonly displayName?: string
  readonly contentUrl?: string
  readonly creatorId?: string
}

/** Of a card that somebody filled in. */
export interface AttachmentActionData extends RoomEventData {
  readonly type?: Open<'submit'>
  readonly messageId?: string
  readonly inputs?: Readonly<Record<string, unknown>>
}

/** Of a file that was downloaded or shown. */
export interface FileData extends RoomEventData {
  readonly fileId?: string
  readonly fileContentUrl?: string
  readonly contentUrl?: string
  readonly pageNumber?: number
}

/** Of a meeting that ended. */
export interface MeetingData extends EventData {
  readonly meetingId?: string
  readonly creatorId?: string
  /** Its members are not documented. */
  readonly host?: unknown
  /** Its members are not documented. */
  readonly attendees?: unknown
  /** A text and no boolean; see `booleanOf`. */
  readonly transcriptionEnabled?: Open<'yes' | 'no'>
  /** A text and no boolean; see `booleanOf`. */
  readonly recordingEnabled?: Open<'yes' | 'no'>
  /** A text and no boolean; see `booleanOf`. */
  readonly hasPostMeetingsChat?: Open<'yes' | 'no'>
}

/** Of a transcript that is there. */
export interface MeetingTranscriptData extends EventData {
  readonly meetingId?: string
  readonly creatorId?: string
}

/** To whom a meeting's message was said. */
export interface MeetingRecipient {
  readonly personId?: string
  readonly personEmail?: string
  readonly guestDisplayName?: string
  readonly guestEmail?: string
  readonly [field: string]: unknown
}

/** Of a message in a meeting. */
export interface MeetingMessageData extends EventData {
  readonly meetingId?: string
  readonly text?: string
  readonly type?: Open<'direct' | 'group'>
  readonly personId?: string
  readonly personEmail?: string
  readonly breakoutSessionId?: string
  readonly recipients?: readonly MeetingRecipient[]
}
