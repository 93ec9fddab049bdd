import { hash } from 'node:crypto'

// Each of the benchmark's events follows from its number, so that all can be recomputed.
const types = [
  'user.created',
  'user.updated',
  'session.created',
  'authentication.password_succeeded',
  'dsync.user.updated',
  'connection.activated',
  'organization.updated',
  'os/cpu',
  'os/memory',
  'messages.created',
  'memberships.deleted',
  'CLI_EXEC',
]
const sources = 17
const organizations = 500
const subjects = 50_000
const people = 9000
const firstEventMs = Date.UTC(2026, 0, 1)
const stepMs = 1000

/** The fields of an event by which it is found. */
export interface Traits {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly organization: string
  readonly authid: string
}

/** The traits of the event of a number: they look random, the id like any UUID, and are always the same. */
export function traitsOf(number: number): Traits {
  const digits = hash('sha256', `${number}`)
  const choice = (from: number, kinds: number) =>
    Number.parseInt(digits.slice(from, from + 6), 16) % kinds
  return {
    id: uuid(digits),
    source: `/svc/${choice(32, sources)}`,
    type: types[choice(38, types.length)]!,
    subject: `user_${choice(44, subjects)}`,
    organization: `org_${choice(50, organizations)}`,
    authid: `person_${choice(56, people)}`,
  }
}

/** When the event of a number happened: later numbers happen later. */
export function timeOfNumber(number: number): string {
  return new Date(firstEventMs + number * stepMs).toISOString()
}

/** The CloudEvent of a number as JSON text, about 450 bytes of ASCII. */
export function eventText(number: number): string {
  const { id, source, type, subject, organization, authid } = traitsOf(number)
  return (
    `{"specversion":"1.0","id":"${id}","source":"${source}","type":"${type}",` +
    `"subject":"${subject}","time":"${timeOfNumber(number)}",` +
    `"organization":"${organization}","authid":"${authid}","data":{"object":"user",` +
    `"number":${number},"email":"u${number}@example.com","first_name":"Ada",` +
    `"last_name":"Lovelace","email_verified":${number % 2 === 0},` +
    `"ip_address":"10.${number & 255}.${(number >> 8) & 255}.1",` +
    `"user_agent":"Mozilla/5.0 (X11; Linux x64)","duration_ms":${(number * 37) % 10_000}}}`
  )
}

function uuid(digits: string): string {
  return (
    `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-` +
    `a${digits.slice(17, 20)}-${digits.slice(20, 32)}`
  )
}
