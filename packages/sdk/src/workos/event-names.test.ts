import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isEvent, isKnownEvent, type WorkOSEvent } from './event.ts'
import { eventNames } from './event-names.ts'

const named = (event: string) => ({ id: 'event_1', event, data: {}, created_at: '' }) as WorkOSEvent

describe('the names of events', () => {
  // The constants of the first client, where they do not follow from the name.
  it('are spelled as constants by their words', () => {
    const deprecated = new Map([
      ['DirectroyGroupUserRemoved', 'dsync.group.user_removed'],
      ['OrganizationMembershipAdded', 'organization_membership.added'],
      ['OrganizationMembershipRemoved', 'organization_membership.removed'],
    ])
    for (const [constant, name] of Object.entries(eventNames)) {
      const words = name.replace(/^dsync/, 'directory').split(/[._]/)
      const spelled = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
      assert.equal(name, deprecated.get(constant) ?? name)
      assert.ok(deprecated.has(constant) || constant === spelled, constant)
    }
    assert.equal(Object.keys(eventNames).length, 111 + deprecated.size)
    for (const [constant] of deprecated) assert.ok(constant in eventNames)
  })

  it('are known, but for those of the past and of others', () => {
    for (const name of Object.values(eventNames)) {
      const isPast = /^organization_membership\.(added|removed)$/.test(name)
      assert.equal(isKnownEvent(named(name)), !isPast, name)
    }
    for (const name of ['order.paid', 'User.Created', 'constructor', '__proto__']) {
      assert.ok(!isKnownEvent(named(name)), name)
    }
  })

  it('tell one event from another', () => {
    assert.ok(isEvent(named('user.created'), 'user.created'))
    assert.ok(isEvent(named('order.paid'), 'order.paid'))
    assert.ok(!isEvent(named('user.created'), 'user.deleted'))
  })
})
