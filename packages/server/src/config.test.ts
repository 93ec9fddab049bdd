import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from './config.ts'

describe('the configuration', () => {
  it('has a default for everything', () => {
    assert.deepEqual(readConfig([], {}), {
      host: '127.0.0.1',
      port: 4567,
      dataFolder: './data',
      settingsFile: undefined,
      seedFile: undefined,
      publicUrl: undefined,
      trustProxy: undefined,
      cors: undefined,
    })
  })

  it('takes flags before the environment', () => {
    const environment = { EVENTWELL_PORT: '1', EVENTWELL_SEED: 'seed.json' }
    const config = readConfig(['--port', '2', '--settings', 's.json'], environment)
    assert.equal(config.port, 2)
    assert.equal(config.settingsFile, 's.json')
    assert.equal(config.seedFile, 'seed.json')
  })

  for (const [given, shown] of [
    ['https://events.example.com', 'https://events.example.com'],
    ['https://events.example.com/', 'https://events.example.com'],
    ['http://events.example.com:8080/a/b/', 'http://events.example.com:8080/a/b'],
    ['http://[::1]:80', 'http://[::1]'],
    ['none', undefined],
  ] as const) {
    it(`takes ${given} as the public URL ${shown}`, () => {
      assert.equal(readConfig(['--public-url', given], {}).publicUrl, shown)
    })
  }

  const refused = [
    ['--port', '70000', /port must be/],
    ['--port', 'x', /port must be/],
    ['--public-url', 'events.example.com', /public URL/],
    ['--public-url', 'ftp://x', /public URL/],
    ['--public-url', 'https://x/?a=b', /public URL/],
    ['--public-url', 'https://x/#a', /public URL/],
    ['--public-url', 'https://user:secret@x/', /public URL/],
    ['--public-url', 'https://:secret@x/', /public URL/],
    ['--public-url', 'https://x/a;b', /public URL/],
    ['--public-url', 'https://x/a,b', /public URL/],
    ['--trust-proxy', 'proxy.example.com', /Trusted proxies/],
    ['--trust-proxy', '10.0.0.1/33', /Trusted proxies/],
    ['--trust-proxy', '10.0.0.0/0', /Trusted proxies/],
    ['--trust-proxy', '::/00', /Trusted proxies/],
    ['--trust-proxy', '0.0.0.0/1', /Trusted proxies/],
    ['--trust-proxy', '::ffff:0.0.0.0/96', /Trusted proxies/],
    ['--trust-proxy', '::1/129', /Trusted proxies/],
    ['--trust-proxy', '10.0.0.1,', /Trusted proxies/],
    ['--trust-proxy', 'true', /Trusted proxies/],
    ['--cors', 'example.com', /Origins for --cors/],
    ['--cors', 'https://example.com/', /Origins for --cors/],
    ['--cors', 'https://example.com/path', /Origins for --cors/],
    ['--cors', 'https://example.com,*', /Origins for --cors/],
    ['--cors', 'https://*.example.com', /Origins for --cors/],
    ['--cors', 'https://me@example.com', /Origins for --cors/],
    ['--cors', 'https://example.com:443', /spell it https:\/\/example\.com\)/],
    ['--cors', 'https://Example.com', /spell it https:\/\/example\.com\)/],
    ['--cors', 'https://example.com,', /Origins for --cors/],
    ['--cors', 'https://exa mple.com', /Origins for --cors/],
    ['--cors', 'null', /Origins for --cors/],
  ] as const
  for (const [flag, value, message] of refused) {
    it(`refuses ${flag} ${value}`, () => {
      assert.throws(() => readConfig([flag, value], {}), { name: 'UsageError', message })
    })
  }

  for (const proxies of ['10.0.0.1', '10.0.0.0/8, ::1/128', 'loopback,uniquelocal']) {
    it(`takes ${proxies} as trusted proxies`, () => {
      assert.equal(readConfig(['--trust-proxy', proxies], {}).trustProxy, proxies)
    })
  }

  for (const [given, origins] of [
    ['*', ['*']],
    ['https://example.com', ['https://example.com']],
    [
      'http://localhost:5173, https://[::1]:8443,capacitor://localhost',
      ['http://localhost:5173', 'https://[::1]:8443', 'capacitor://localhost'],
    ],
    ['none', undefined],
  ] as const) {
    it(`takes ${given} as origins`, () => {
      assert.deepEqual(readConfig(['--cors', given], {}).cors, origins)
    })
  }
})
