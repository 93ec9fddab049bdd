import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from './support/folder.ts'
import { ServerProcess } from './support/server-process.ts'

// The command as a user runs it: start, keys, signals, and what it prints.

const run = promisify(execFile)
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))

async function command(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [main, ...args])
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

describe('the command', () => {
  let folder: ReturnType<typeof temporaryFolder>
  beforeEach(() => (folder = temporaryFolder()))
  afterEach(() => folder.remove())

  it('starts, prints lines that work when pasted, and stops with 0 on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await ServerProcess.start(folder.path)
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
      assert.match(server.output, /data +\//)
      assert.match(server.output, /key +development/)
      const pasted = server.output.match(/curl [^]*?(?=\n\n)/g)!
      assert.equal(pasted.length, 2)
      const [write, read] = await Promise.all(pasted.map(runCurl(server.url)))
      assert.equal(write!.status, 200)
      assert.equal(read!.status, 200)
      assert.deepEqual(await server.stop(signal), { code: 0, signal: null })
      assert.match(server.output, /Everything that was accepted is kept/)
      assert.doesNotMatch(server.output, /Warning|Error/)
    }
  })

  it('finishes a request that is in flight when it is told to stop', async () => {
    const server = await ServerProcess.start(folder.path)
    const { port, hostname } = new URL(server.url)
    const body = JSON.stringify([{ specversion: '1.0', id: 'late', source: '/s', type: 't' }])
    const socket = connect(Number(port), hostname)
    const answer = new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
    })
    socket.write(
      'POST /eventwell/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer development\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    )
    // The first half has arrived once a later request on another socket is answered.
    await fetch(`${server.url}/healthz`)
    const ending = server.stop('SIGTERM')
    socket.write(body.slice(10))
    assert.match(await answer, /^HTTP\/1.1 200 .*"created"/s)
    assert.equal((await ending).code, 0)
    const again = await ServerProcess.start(folder.path)
    const list = await fetch(`${again.url}/eventwell/events`, {
      headers: { authorization: 'Bearer development' },
    })
    assert.match(await list.text(), /"id":"late"/)
    await again.stop()
  })

  it('refuses a data folder that another server uses, and leaves that one alone', async () => {
    const first = await ServerProcess.start(folder.path)
    const { code, output } = await command('serve', '--data', folder.path, '--port', '0')
    assert.equal(code, 1)
    assert.match(output, /Another Eventwell server is using the data folder/)
    assert.match(output, /--data/)
    assert.equal((await fetch(`${first.url}/healthz`)).status, 200)
    await first.stop('SIGKILL')
    const next = await ServerProcess.start(folder.path)
    assert.equal((await next.stop()).code, 0)
  })

  it('listens beyond loopback only with a created key, and without the development key', async () => {
    const refused = await command(
      'serve',
      '--data',
      folder.path,
      '--port',
      '0',
      '--host',
      '0.0.0.0',
    )
    assert.equal(refused.code, 1)
    assert.match(refused.output, /npm run keys -- create/)
    const made = await command('keys', 'create', '--name', 'ci', '--data', folder.path)
    const key = made.output.split('\n')[0]!
    assert.match(key, /^ew_[0-9a-f]{48}$/)
    const server = await ServerProcess.start(folder.path, '--host', '0.0.0.0')
    const url = server.url.replace('0.0.0.0', '127.0.0.1')
    const status = async (bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}` }
      return (await fetch(`${url}/eventwell/events`, { headers })).status
    }
    assert.equal(await status('development'), 401)
    assert.equal(await status(key), 200)
    assert.doesNotMatch(server.output, new RegExp(key))
    await server.stop()
  })

  it('lists and revokes keys', async () => {
    const data = ['--data', folder.path]
    assert.match((await command('keys', 'list', ...data)).output, /There are no keys/)
    await command('keys', 'create', '--name', 'ci', '--scope', 'read', '--workspace', 'w', ...data)
    assert.match((await command('keys', 'list', ...data)).output, /^ci +w +read +\d{4}-/m)
    assert.equal((await command('keys', 'revoke', '--name', 'ci', ...data)).code, 0)
    assert.equal((await command('keys', 'revoke', '--name', 'ci', ...data)).code, 2)
  })

  const wrong = [
    ['an unknown command', ['fly'], /no command "fly"/],
    ['an unknown flag', ['serve', '--colour', 'red'], /'--colour'/],
    ['a port that is none', ['serve', '--port', '70000'], /0 to 65535/],
    ['an address of another machine', ['serve', '--host', '192.0.2.1'], /Make one first/],
    ['a key without a name', ['keys', 'create'], /--name/],
    ['a scope that is none', ['keys', 'create', '--name', 'x', '--scope', 'fly'], /no scope "fly"/],
  ] as const
  for (const [name, args, message] of wrong) {
    it(`refuses ${name} with a sentence`, async () => {
      const data = args[0] === 'fly' ? [] : ['--data', folder.path]
      const { code, output } = await command(...args, ...data)
      assert.ok(code === 1 || code === 2)
      assert.match(output, message)
      assert.doesNotMatch(output, /\n +at /, 'no stack for a mistake of the caller')
    })
  }

  it('says when the port is in use', async () => {
    const first = await ServerProcess.start(folder.path)
    const other = temporaryFolder()
    const { port } = new URL(first.url)
    const { code, output } = await command('serve', '--data', other.path, '--port', port)
    assert.equal(code, 1)
    assert.match(output, /is in use\. Choose another with --port/)
    await first.stop()
    other.remove()
  })

  it('tells how it is used', async () => {
    assert.match((await command('--help')).output, /serve/)
    assert.match((await command('serve', '--help')).output, /EVENTWELL_PORT/)
    assert.match((await command('keys', '--help')).output, /create --name/)
  })
})

/** Does what a printed curl line does, where there may be no curl. */
function runCurl(url: string): (line: string) => Promise<Response> {
  return (line) => {
    const target = line.split(' ')[1]!
    assert.ok(target.startsWith(url))
    const authorization = /-H 'Authorization: ([^']+)'/.exec(line)![1]!
    const body = /-d '([^']+)'/.exec(line)?.[1]
    const method = body === undefined ? 'GET' : 'POST'
    return fetch(target, { method, headers: { authorization }, ...(body && { body }) })
  }
}
