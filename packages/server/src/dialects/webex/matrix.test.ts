import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auditCategories } from './audit-categories.ts'
import { resources, type FieldKind } from './matrix.ts'

const open = ['businessTexts', 'convergedRecordings', 'meetingTranscripts']

describe('webex matrix', () => {
  it('has the 13 resources of the OpenAPI document', () => {
    assert.deepEqual(Object.keys(resources).toSorted(), [
      'attachmentActions',
      'businessTexts',
      'call_records',
      'convergedRecordings',
      'file_transcodings',
      'files',
      'meetingMessages',
      'meetingTranscripts',
      'meetings',
      'memberships',
      'messages',
      'rooms',
      'tabs',
    ])
  })

  const types: readonly (readonly [resource: string, types: readonly string[]])[] = [
    ['messages', ['created', 'updated', 'deleted']],
    ['rooms', ['updated']],
    ['attachmentActions', ['created']],
    ['files', ['read']],
    ['file_transcodings', ['read']],
    ['meetings', ['ended']],
    ['call_records', ['created']],
    ['convergedRecordings', ['created', 'updated', 'deleted']],
  ]
  for (const [resource, expected] of types) {
    it(`${resource} are ${expected.join(', ')}`, () => {
      assert.deepEqual(resources[resource]!.types, expected)
    })
  }

  const cells: readonly (readonly [
    resource: string,
    field: string,
    kind: FieldKind | undefined,
  ])[] = [
    ['messages', 'text', 'string'],
    ['messages', 'created', 'time'],
    ['messages', 'mentionedPeople', 'array'],
    ['messages', 'title', undefined],
    ['memberships', 'isModerator', 'boolean'],
    ['memberships', 'roomType', 'string'],
    ['rooms', 'isAnnouncementOnly', 'boolean'],
    ['rooms', 'lastActivity', 'time'],
    ['tabs', 'contentUrl', 'string'],
    ['attachmentActions', 'inputs', 'object'],
    ['files', 'pageNumber', 'integer'],
    ['meetings', 'host', 'object'],
    ['meetings', 'attendees', 'array'],
    ['meetings', 'recordingEnabled', 'string'],
    ['meetingMessages', 'recipients', 'array'],
    ['call_records', 'isCallAnswered', 'string'],
    ['call_records', 'callDurationSeconds', 'string'],
    ['call_records', 'callTransferTime', 'time'],
    ['call_records', 'corelationId', 'string'],
    ['call_records', 'correlationId', 'string'],
  ]
  for (const [resource, field, kind] of cells) {
    it(`${resource}.${field} is ${kind ?? 'not there'}`, () => {
      assert.equal(resources[resource]!.fields[field], kind)
    })
  }

  it('says of every call field that it is text or a time', () => {
    for (const [field, kind] of Object.entries(resources['call_records']!.fields)) {
      assert.equal(kind, field.endsWith('Time') ? 'time' : 'string', field)
    }
  })

  it('gives a field that several resources have one kind', () => {
    const kinds = new Map<string, FieldKind>()
    for (const { fields } of Object.values(resources)) {
      for (const [field, kind] of Object.entries(fields)) {
        assert.equal(kinds.get(field) ?? kind, kind, field)
        kinds.set(field, kind)
      }
    }
  })

  it('is open where nothing is documented', () => {
    const found = Object.keys(resources).filter((name) => resources[name]!.isOpen === true)
    assert.deepEqual(found.toSorted(), open)
  })
})

describe('webex audit categories', () => {
  it('are bare names, each once and in order', () => {
    for (const name of auditCategories) assert.match(name, /^[A-Z_]+$/)
    assert.deepEqual([...new Set(auditCategories)].toSorted(), auditCategories)
  })
})
