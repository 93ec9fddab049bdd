import { resolve } from 'node:path'
import { readConfig, settings } from '../config.ts'
import { startServer, type RunningServer } from '../server.ts'

const help = `Usage: eventwell serve [flags]

Starts the server. It stops, with all that was accepted kept, on SIGINT (Ctrl-C) or SIGTERM.

${settings
  .map(([flag, variable, value, meaning]) => {
    return `  --${flag.padEnd(11)} ${meaning} (${variable}; default ${value})`
  })
  .join('\n')}`

/** Starts the server, says where it is, and stops it when the process is told to end. */
export async function serve(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(help)
  const config = readConfig(args, process.env)
  // From now on a signal stops the server in order, however early it comes and however often.
  const isToldToStop = new Promise((resolveTold) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolveTold)
  })
  // Whoever read the output may be gone: that is no reason to stop serving, or to fail while stopping.
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const server = await startServer(config)
  console.log(greeting(server, resolve(config.dataFolder)))
  await isToldToStop
  console.log('Stopping: finishing what is in flight.')
  await server.close()
  console.log('Stopped. Everything that was accepted is kept.')
}

function greeting({ url, tryKey, seeded }: RunningServer, dataFolder: string): string {
  const key = tryKey ?? '<your key>'
  const keyLine =
    tryKey === undefined
      ? 'keys     only those made with  npm run keys -- create'
      : `key      ${tryKey}  (good only while the server listens on this machine alone)`
  const seedLine = seeded > 0 ? `\n  seed     ${seeded} events are in` : ''
  return `Eventwell is listening.

  address  ${url}
  data     ${dataFolder}${seedLine}
  ${keyLine}
  page     ${url}/  (the newest events, for a browser)

Write an event:

  curl ${url}/eventwell/events -H 'Authorization: Bearer ${key}' \\
    -d '{"specversion":"1.0","id":"1","source":"/me","type":"hello.said","data":{"to":"world"}}'

Read it back, as Webex's clients would:

  curl ${url}/v1/events -H 'Authorization: Bearer ${key}'

Ctrl-C stops the server; what was accepted is kept.
`
}
