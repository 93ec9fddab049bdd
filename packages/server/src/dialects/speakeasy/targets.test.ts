import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anEvent, aFullEvent, Door, type Sent } from './test/door.ts'
import { answerOf, naiveTargets, stored } from './test/history.ts'
import { noTargets, takeEvent } from './targets.ts'

const lock = '7c1f6a86-3a0b-4f58-9d57-0f2f8ad0a3c4'

/** An event of a target, at a minute of one hour. */
function of(id: string, minute: number, more: Sent = {}): Sent {
  return anEvent({
    id,
    interaction_type: 'TARGET_GENERATE',
    created_at: `2025-04-02T07:${String(minute).padStart(2, '0')}:00Z`,
    generate_gen_lock_id: 'lock',
    generate_target: 'go',
    success: true,
    ...more,
  })
}

function targetsOf(events: readonly Sent[]): Sent[] {
  const targets = noTargets()
  for (const event of stored(events)) takeEvent(targets, event)
  assert.equal(targets.stale.size, 0)
  return answerOf(targets)
}

/** The one target that the events make, without what every target of these tests has. */
function rest(...events: Sent[]): Sent {
  const [target] = targetsOf(events)
  const { id, generate_gen_lock_id, last_event_id, last_event_created_at, ...others } = target!
  assert.deepEqual([id, generate_gen_lock_id], ['lock', 'lock'])
  assert.ok(last_event_id && last_event_created_at)
  return others
}

const generated = { generate_target: 'go', last_event_interaction_type: 'TARGET_GENERATE' }
const run = {
  error: 'It failed.',
  commit_head: 'c0ffee',
  hostname: 'runner-7',
  git_user_name: 'Ada',
  git_user_email: 'ada@orchard.example',
  continuous_integration_environment: 'GITHUB_ACTIONS',
  gh_action_run_link: 'https://ci.example/1',
  gh_action_ref: 'refs/heads/main',
  gh_action_version: 'v15',
}

describe('a target of Speakeasy', () => {
  it('is as in the example of the contract', () => {
    const common = {
      execution_id: '5f0c1a52-2f0e-5c55-8d1b-0a4f6f0f9b11',
      speakeasy_version: '1.542.3',
      success: true,
      generate_target: 'typescript',
      generate_gen_lock_id: lock,
      gh_action_organization: 'orchard',
      gh_action_repository: 'pear-sdk',
    }
    const generate = anEvent({
      ...common,
      id: '0195f1d2-7a10-7c3e-9a44-6d2f0b8e1c02',
      interaction_type: 'TARGET_GENERATE',
      created_at: '2025-04-02T07:15:01.121Z',
      duration_ms: 12_750,
      raw_command: 'speakeasy run -t pear-ts',
      generate_target_name: 'pear-ts',
      generate_target_version: 'v2',
      generate_version: '2.597.9',
      generate_bump_type: 'minor',
      generate_published: true,
      generate_output_tests: false,
      generate_number_of_operations_used: 41,
      generate_number_of_operations_ignored: 2,
      generate_config_pre_version: '1.3.0',
      generate_config_post_version: '1.4.0',
      generate_config_pre_raw: 'configVersion: 2.0.0\n',
      source_namespace_name: 'pear-api',
      source_revision_digest: 'sha256:aa01',
      source_blob_digest: 'sha256:bb02',
      continuous_integration_environment: 'GITHUB_ACTIONS',
      gh_action_ref: 'refs/heads/main',
      gh_action_run_link: 'https://github.com/orchard/pear-sdk/actions/runs/4711',
      gh_action_version: 'v15',
      gh_changes_committed: true,
      hostname: 'runner-7',
      git_user_name: 'Ada',
      git_user_email: 'ada@orchard.example',
      git_remote_default_owner: 'orchard',
      git_remote_default_repo: 'pear-sdk',
      git_relative_cwd: '.',
      workflow_pre_raw: 'workflowVersion: 1.0.0\n',
    })
    const publish = anEvent({
      ...common,
      id: '0195f1d2-7a10-7c3e-9a44-6d2f0b8e1c03',
      interaction_type: 'PUBLISH',
      created_at: '2025-04-02T07:20:00Z',
      publish_package_registry_name: 'npm',
      publish_package_name: '@orchard/pear',
      publish_package_version: '1.4.0',
      publish_package_url: 'https://packages.example/pear-sdk/1.4.0',
      gh_action_run_link: 'https://github.com/orchard/pear-sdk/actions/runs/4712',
    })
    assert.deepEqual(targetsOf([generate, publish]), [
      {
        id: lock,
        generate_gen_lock_id: lock,
        generate_target: 'typescript',
        generate_target_name: 'pear-ts',
        generate_target_version: 'v2',
        generate_published: true,
        generate_config_post_version: '1.4.0',
        generate_number_of_operations_used: 41,
        generate_number_of_operations_ignored: 2,
        source_namespace_name: 'pear-api',
        source_revision_digest: 'sha256:aa01',
        source_blob_digest: 'sha256:bb02',
        success: true,
        last_event_id: '0195f1d2-7a10-7c3e-9a44-6d2f0b8e1c03',
        last_event_created_at: '2025-04-02T07:20:00Z',
        last_event_interaction_type: 'PUBLISH',
        last_publish_created_at: '2025-04-02T07:20:00Z',
        last_publish_gh_action_run_link: 'https://github.com/orchard/pear-sdk/actions/runs/4712',
        publish_package_name: '@orchard/pear',
        publish_package_registry_name: 'npm',
        publish_package_version: '1.4.0',
        publish_package_url: 'https://packages.example/pear-sdk/1.4.0',
        gh_action_organization: 'orchard',
        gh_action_repository: 'pear-sdk',
        gh_action_run_link: 'https://github.com/orchard/pear-sdk/actions/runs/4712',
        git_remote_default_owner: 'orchard',
        git_remote_default_repo: 'pear-sdk',
        git_relative_cwd: '.',
        workflow_pre_raw: 'workflowVersion: 1.0.0\n',
      },
    ])
  })

  it('has 45 fields', () => {
    const [target] = targetsOf([aFullEvent({ interaction_type: 'PUBLISH' })])
    assert.equal(Object.keys(target!).length, 45)
  })

  const cases: [name: string, events: Sent[], want: Sent][] = [
    ['what an event says', [of('a', 1)], { ...generated, success: true }],
    [
      'the outcome of the newest run as one group, without what an older one said',
      [of('a', 1, { ...run, success: false }), of('b', 2, { hostname: 'laptop' })],
      { ...generated, success: true, hostname: 'laptop' },
    ],
    [
      'the outcome of the run below a tombstone',
      [of('a', 1, { ...run, success: false }), of('b', 2, { interaction_type: 'TOMBSTONE' })],
      { ...generated, ...run, success: false, last_event_interaction_type: 'TOMBSTONE' },
    ],
    [
      "a tombstone's own success when there is no run",
      [of('a', 1, { ...run, interaction_type: 'TOMBSTONE', success: false })],
      { ...generated, success: false, last_event_interaction_type: 'TOMBSTONE' },
    ],
    [
      'what it generates from the newest event that says it',
      [
        of('a', 1, { generate_target: 'java' }),
        of('b', 2),
        of('c', 3, { interaction_type: 'TEST', generate_target: undefined }),
        of('d', 4, { interaction_type: 'TEST', generate_target: null }),
      ],
      { ...generated, success: true, last_event_interaction_type: 'TEST' },
    ],
    [
      'each lasting field from the newest event that has it',
      [
        of('a', 1, { gh_action_organization: 'o', repo_label: 'old', source_blob_digest: 'd' }),
        of('b', 2, { gh_action_repository: 'r', repo_label: 'new' }),
        of('c', 3, { repo_label: null }),
      ],
      {
        ...generated,
        success: true,
        gh_action_organization: 'o',
        gh_action_repository: 'r',
        repo_label: 'new',
        source_blob_digest: 'd',
      },
    ],
    [
      'the newest by instant, whatever the order of arrival and the spelling',
      [
        of('a', 0, { created_at: '2025-04-02T07:00:00.000000002Z', repo_label: 'newest' }),
        of('b', 0, { created_at: '2025-04-02T09:00:00.000000001+02:00', repo_label: 'older' }),
      ],
      { ...generated, success: true, repo_label: 'newest' },
    ],
    [
      'of two of one instant the later arrival',
      [of('a', 1, { repo_label: 'first' }), of('b', 1, { repo_label: 'second' })],
      { ...generated, success: true, repo_label: 'second' },
    ],
    [
      'the newest successful publish before a newer failed one',
      [
        of('a', 1, { interaction_type: 'PUBLISH', gh_action_run_link: null }),
        of('b', 2, { interaction_type: 'PUBLISH', success: false, gh_action_run_link: 'l' }),
        of('c', 3),
      ],
      { ...generated, success: true, last_publish_created_at: '2025-04-02T07:01:00Z' },
    ],
    [
      'a failed publish when there is no other',
      [
        of('a', 1, { interaction_type: 'PUBLISH', success: false, gh_action_run_link: 'l' }),
        of('b', 2),
      ],
      {
        ...generated,
        success: true,
        last_publish_created_at: '2025-04-02T07:01:00Z',
        last_publish_gh_action_run_link: 'l',
      },
    ],
  ]
  for (const [name, events, want] of cases) {
    it(`has ${name}`, () => {
      assert.deepEqual(rest(...events), want)
    })
  }

  it('has its times as they were sent, naive ones with a Z', () => {
    const [target] = targetsOf([
      of('a', 0, { created_at: '2025-04-02T09:00:00.12+02:00', interaction_type: 'PUBLISH' }),
      of('b', 0, { created_at: '2025-04-02T10:00:00.5' }),
    ])
    assert.equal(target!['last_event_created_at'], '2025-04-02T10:00:00.5Z')
    assert.equal(target!['last_publish_created_at'], '2025-04-02T09:00:00.12+02:00')
  })

  it('is left out while no event says what it generates', () => {
    assert.deepEqual(targetsOf([of('a', 1, { generate_target: undefined })]), [])
  })

  it('is none without a lock id', () => {
    const none = ['', null, undefined, 'x'.repeat(3000)]
    const events = none.map((id, index) => of(`${index}`, 1, { generate_gen_lock_id: id }))
    assert.deepEqual(targetsOf(events), [])
  })

  it('stands in the order of last events, then of ids', () => {
    const events = [
      of('a', 5, { generate_gen_lock_id: 'old' }),
      of('b', 7, { generate_gen_lock_id: 'z' }),
      of('c', 7, { generate_gen_lock_id: 'a' }),
      of('d', 9, { generate_gen_lock_id: '__proto__' }),
    ]
    const ids = targetsOf(events).map(({ id }) => id)
    assert.deepEqual(ids, ['__proto__', 'a', 'z', 'old'])
    assert.deepEqual(targetsOf(events), naiveTargets(stored(events)))
  })

  it('is not derived anew when a run that began completes with more to say', () => {
    const targets = noTargets()
    const [begun, done] = stored([
      of('a', 1, { success: false }),
      of('a', 1, { hostname: 'h', repo_label: 'r', interaction_type: 'PUBLISH' }),
    ])
    takeEvent(targets, begun!)
    takeEvent(targets, done!)
    takeEvent(targets, done!)
    assert.equal(targets.stale.size, 0)
    assert.deepEqual(answerOf(targets), naiveTargets([done!]))
  })

  const losses: [name: string, then: Sent][] = [
    ['lacks a field', of('a', 3, { repo_label: undefined })],
    ['is earlier', of('a', 2, { repo_label: 'r' })],
    ['belongs to another target', of('a', 3, { repo_label: 'r', generate_gen_lock_id: 'b' })],
    ['belongs to none', of('a', 3, { repo_label: 'r', generate_gen_lock_id: undefined })],
    ['has not published after all', of('a', 3, { repo_label: 'r', success: false })],
    ['became a tombstone', of('a', 3, { repo_label: 'r', interaction_type: 'TOMBSTONE' })],
  ]
  for (const [name, then] of losses) {
    it(`is derived anew when an event that it rests on ${name}`, () => {
      const targets = noTargets()
      const publish = { interaction_type: 'PUBLISH' }
      const before = of('a', 3, { repo_label: 'r', ...publish })
      const next = then['interaction_type'] === 'TOMBSTONE' ? then : { ...then, ...publish }
      for (const event of stored([before, next])) takeEvent(targets, event)
      assert.deepEqual([...targets.stale], ['lock'])
    })
  }
})

describe('the targets of a workspace', () => {
  it('are those whose last event is after an instant, on both paths', async () => {
    const door = new Door()
    const one = of('a', 1, { generate_gen_lock_id: 'one' })
    const two = of('b', 2, { generate_gen_lock_id: 'two' })
    await door.post('events', [one, two])
    for (const [query, ids] of [
      ['', ['two', 'one']],
      ['?after_last_event_created_at=2025-04-02T07%3A01%3A00Z', ['two']],
      ['?after_last_event_created_at=2025-04-02T07:00:59.999999999Z', ['two', 'one']],
      ['?after_last_event_created_at=2025-04-02T09:01:00+02:00', ['two']],
      ['?after_last_event_created_at=2025-04-02T07:02:00', []],
      ['?after_last_event_created_at=&limit=0', ['two', 'one']],
    ] as const) {
      const targets = await door.targets('events', query)
      assert.deepEqual(
        targets.map(({ id }) => id),
        ids,
        query,
      )
      const deprecated = await door.list('events', `/v1/workspace/events/events/targets${query}`)
      assert.deepEqual(deprecated, targets)
    }
  })

  it('cannot be seen from another workspace', async () => {
    const door = new Door()
    await door.post('pear', [of('a', 1, { repo_label: 'pear' })])
    await door.post('plum', [of('a', 1, { repo_label: 'plum' })])
    assert.deepEqual(
      (await door.targets('pear')).map((target) => target['repo_label']),
      ['pear'],
    )
    assert.deepEqual(
      (await door.targets('plum')).map((target) => target['repo_label']),
      ['plum'],
    )
    assert.deepEqual(await door.targets('apple'), [])
  })
})
