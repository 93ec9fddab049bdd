#!/usr/bin/env node
import { UsageError } from '../config.ts'
import { keys } from './keys.ts'
import { serve } from './serve.ts'

type Command = (args: readonly string[]) => void | Promise<void>

const commands = new Map<string, Command>([
  ['serve', serve],
  ['keys', keys],
])

const help = `Usage: eventwell <command>

  serve   start the server
  keys    make, list and revoke keys

"eventwell <command> --help" tells more.`

async function main([name = 'serve', ...args]: readonly string[]): Promise<void> {
  if (['--help', '-h', 'help'].includes(name)) return console.log(help)
  const isFlag = name.startsWith('-')
  const command = isFlag ? serve : commands.get(name)
  if (command === undefined) throw new UsageError(`There is no command "${name}".\n\n${help}`)
  await command(isFlag ? [name, ...args] : args)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isExpected = error instanceof Error && !(error instanceof TypeError)
  console.error(isExpected ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
