import type { EventData, Open } from './event-data.ts'

/** Which way a call went (contract 3.2). */
export type CallType =
  | 'VIDEO_DIALIN'
  | 'VIDEO_DIALOUT'
  | 'CASCADE'
  | 'HYBRID_CASCADE'
  | 'PSTN_SIP'
  | 'PSTN_DIALIN'
  | 'PSTN_DIALOUT'
  | 'PSTN_ONLY_DIALIN'
  | 'PSTN_ONLY_DIALOUT'
  | 'H323'
  | 'H323_IP'
  | 'SIP_ENTERPRISE'
  | 'SIP_MOBILE'
  | 'SIP_NATIONAL'
  | 'SIP_INTERNATIONAL'
  | 'SIP_EMERGENCY'
  | 'SIP_OPERATOR'
  | 'SIP_SHORTCODE'
  | 'SIP_TOLLFREE'
  | 'SIP_PREMIUM'
  | 'SIP_URI'
  | 'SIP_INBOUND'
  | 'UNKNOWN'
  | 'ZTM'
  | 'SIP_MEETING'

/** Who, or what, called or was called (contract 3.2). */
export type CallUserType =
  | 'User'
  | 'Anchor'
  | 'AutomatedAttendantBasic'
  | 'AutomatedAttendantStandard'
  | 'AutomatedAttendantVideo'
  | 'BroadworksAnywhere'
  | 'CallCenterBasic'
  | 'CallCenterPremium'
  | 'CallCenterStandard'
  | 'CollaborateBridge'
  | 'ContactCenterAdaptor'
  | 'FindMeFollowMe'
  | 'FlexibleSeatingHost'
  | 'GroupCall'
  | 'GroupPaging'
  | 'HuntGroup'
  | 'LocalGateway'
  | 'MeetMeConference'
  | 'Place'
  | 'RoutePoint'
  | 'SystemVoicePortal'
  | 'VoiceMailGroup'
  | 'VoiceMailRetrieval'
  | 'VoiceXML'
  | 'VirtualLine'
  | 'Unknown'

/** Of a call that was made or taken. Booleans, numbers and times are texts here. */
export interface CallRecordData extends EventData {
  /** The same for all records of one call; the vendor spells it so. */
  readonly corelationId?: string
  readonly callType?: Open<CallType>
  readonly userId?: string
  readonly userType?: Open<CallUserType>
  readonly callDirection?: Open<'ORIGINATING' | 'TERMINATING'>
  /** A text and no boolean: `if (data.isCallAnswered)` always holds; see `booleanOf`. */
  readonly isCallAnswered?: Open<'true' | 'false'>
  /** A number in a text, in seconds: `'192'`. */
  readonly callDurationSeconds?: string
  readonly callStartTime?: string
  readonly callAnswerTime?: string
  readonly callTransferTime?: string
  readonly callingNumber?: string
  readonly callingLineId?: string
  readonly calledNumber?: string
  readonly calledLineId?: string
  readonly dialedDigits?: string
  readonly callRedirectingNumber?: string
  readonly callRedirectedReason?: string
}

/**
 * What a text of the vendor's that stands for a boolean means: `'true'` and `'yes'` are true, `'false'` and
 * `'no'` are false, and so are the booleans themselves; `undefined` for anything else.
 */
export function booleanOf(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase()
  if (text === 'true' || text === 'yes') return true
  return text === 'false' || text === 'no' ? false : undefined
}
