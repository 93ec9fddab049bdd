import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const folder = new URL('../../../ui/src/', import.meta.url)
const files = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/ui/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/ui/page.css', 'page.css', 'text/css; charset=utf-8'],
] as const

// The page runs no script but its own and talks to no server but this one.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"

/** Serves the page that a browser sees. It reads events by the native API, with the reader's key. */
export function addUi(app: FastifyInstance): void {
  for (const [path, file, type] of files) {
    const content = readFileSync(new URL(file, folder))
    app.get(path, (_request, reply) =>
      reply
        .type(type)
        .header('content-security-policy', policy)
        .header('x-content-type-options', 'nosniff')
        .send(content),
    )
  }
}
