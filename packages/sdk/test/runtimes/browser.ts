import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import type { Outcome } from '../portable/run.ts'

const runMsMax = 120_000

// What the browser's packages give, as far as it is used here: they are not there when types are checked.
interface Chromium {
  readonly args: readonly string[]
  executablePath(): Promise<string>
}
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> }
}
interface Browser {
  newPage(): Promise<Page>
  close(): Promise<void>
}
interface Page {
  goto(url: string): Promise<unknown>
  evaluate(script: string): Promise<unknown>
}

/** A web server for a folder of modules, which a page finds by the names in an import map. */
export class ModuleServer {
  readonly #server: Server
  readonly #folder: string
  readonly #page: string

  private constructor(folder: string, imports: Readonly<Record<string, string>>) {
    this.#folder = folder
    const map = JSON.stringify({ imports })
    this.#page = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${map}</script>`
    this.#server = createServer(({ url = '/' }, reply) => {
      const { pathname } = new URL(url, 'http://localhost')
      if (pathname === '/') {
        return void reply.writeHead(200, { 'content-type': 'text/html' }).end(this.#page)
      }
      const found = pathname.endsWith('.js') ? this.#textOf(pathname) : undefined
      if (found === undefined) return void reply.writeHead(404).end()
      reply.writeHead(200, { 'content-type': 'text/javascript' }).end(found)
    })
  }

  /**
   * Starts one on any free port.
   * @param imports The import map: paths below the folder, by name.
   */
  static async start(
    folder: string,
    imports: Readonly<Record<string, string>>,
  ): Promise<ModuleServer> {
    const modules = new ModuleServer(folder, imports)
    await new Promise<void>((resolve) => modules.#server.listen(0, '127.0.0.1', resolve))
    return modules
  }

  /** The origin of its page. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Ends it. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  #textOf(path: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#folder, normalize(path)))
    } catch {
      return undefined
    }
  }
}

/** Runs a script in the page of a module server, in a headless Chromium, and gives what it comes to. */
export async function runInPage(origin: string, script: string): Promise<readonly Outcome[]> {
  const { default: chromium } = await imported<{ default: Chromium }>('@sparticuz/chromium')
  const { default: playwright } = await imported<{ default: Playwright }>('playwright-core')
  const executablePath = await chromium.executablePath()
  const browser = await playwright.chromium.launch({
    executablePath,
    args: [...chromium.args],
    headless: true,
  })
  try {
    const page = await browser.newPage()
    await page.goto(`${origin}/`)
    return (await withinMs(runMsMax, page.evaluate(script))) as readonly Outcome[]
  } finally {
    await browser.close()
  }
}

/**
 * By a name that the type checker does not know, since the packages are only there once the tests have run.
 */
function imported<T>(name: string): Promise<T> {
  return import(name) as Promise<T>
}

async function withinMs<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`The page did not end within ${timeoutMs} ms.`))
    timer = setTimeout(fail, timeoutMs)
  })
  return await Promise.race([promise, tooLong]).finally(() => clearTimeout(timer))
}
