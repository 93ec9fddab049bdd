import { after, before } from 'node:test'

/** Runs the tests of a suite in a time zone that is far from UTC, whatever the machine's is. */
export function farFromUtc(): void {
  const { TZ: zone } = process.env
  before(() => {
    process.env['TZ'] = 'Asia/Kolkata'
  })
  after(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })
}
