import type { LogspaceEvent } from '@eventwell/client/logspace'

/** An event, and what a test adds. */
export function anEvent(id: string, more: Partial<LogspaceEvent> = {}): LogspaceEvent {
  return {
    id,
    type: 'os/cpu',
    system: 'pear',
    agentId: 'os/cpu',
    timestamp: new Date('2026-03-01T10:00:00.120Z'),
    ...more,
  }
}

/** An event that has everything. */
export const fullEvent: LogspaceEvent = anEvent('full', {
  parentId: 'parent',
  globalId: 'chain',
  marker: 'blue',
  properties: {
    booleans: { isMaster: true },
    dates: { started: new Date('2026-03-01T09:00:00.001Z') },
    doubles: { load: [0.44324237001029815, NaN], most: [Infinity, -Infinity], zero: -0 },
    floats: { ratio: 0.5 },
    integers: { processor_count: 4 },
    longs: { most: 2n ** 63n - 1n, least: -(2n ** 63n), odd: 9007199254740993n },
    strings: { tag: ['a', '🍐'] },
  },
})

/** What `fullEvent` is when it is read. */
export const fullEventRead = {
  ...fullEvent,
  properties: {
    booleans: { isMaster: [true] },
    dates: { started: [new Date('2026-03-01T09:00:00.001Z')] },
    doubles: { load: [0.44324237001029815, NaN], most: [Infinity, -Infinity], zero: [-0] },
    floats: { ratio: [0.5] },
    integers: { processor_count: [4] },
    longs: { most: [2n ** 63n - 1n], least: [-(2n ** 63n)], odd: [9007199254740993n] },
    strings: { tag: ['a', '🍐'] },
  },
}

/** All that a generator gives. */
export async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const one of found) list.push(one)
  return list
}
