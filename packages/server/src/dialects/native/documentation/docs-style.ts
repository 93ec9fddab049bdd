/** The looks of the documentation's page, light or dark as the reader's system is. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6676; --line: #dfe3ea; --ground: #fff;
  --panel: #f5f7fa; --accent: #0b6b5d; --get: #0b6b5d; --post: #8a4b08; --put: #5b3fa8; --delete: #a3262a }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #9aa5b4; --line: #2c3441; --ground: #12161d; --panel: #1a202a;
    --accent: #57c9b4; --get: #57c9b4; --post: #e2a65b; --put: #b49cf2; --delete: #f08a8d }
}
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; color: var(--ink); background: var(--ground); font: 16px/1.55 system-ui, sans-serif;
  display: grid; grid-template-columns: 17rem minmax(0, 1fr) }
nav { border-right: 1px solid var(--line); background: var(--panel); padding: 1.5rem 1rem; font-size: .9rem;
  position: sticky; top: 0; height: 100vh; overflow-y: auto }
nav h2 { margin: 1.4rem 0 .4rem; border: 0; padding: 0; font-size: .75rem; letter-spacing: .06em;
  text-transform: uppercase; color: var(--soft) }
nav ul { list-style: none; margin: 0; padding: 0 }
nav a { display: block; padding: .15rem .3rem; color: inherit; text-decoration: none;
  overflow-wrap: anywhere }
nav a:hover { color: var(--accent) }
main { padding: 2rem clamp(1rem, 4vw, 3.5rem) 6rem; max-width: 62rem }
h1 { margin: 0 0 .5rem; font-size: 1.9rem }
h2 { margin: 3rem 0 1rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
h3 { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere }
h4 { margin: 1.3rem 0 .3rem; font-size: .8rem; letter-spacing: .05em; text-transform: uppercase;
  color: var(--soft) }
section.operation { border-top: 1px solid var(--line); padding: 1.8rem 0 1rem }
a { color: var(--accent) }
code, pre { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
code { background: var(--panel); border-radius: .25rem; padding: .1em .3em; overflow-wrap: anywhere }
h3 code { background: none; padding: 0; font-size: 1em }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem;
  white-space: pre-wrap; overflow-wrap: anywhere }
pre code { background: none; padding: 0 }
.method { font-weight: 700; text-transform: uppercase; font-size: .85em; margin-right: .6em;
  color: var(--get) }
.method.post { color: var(--post) } .method.put { color: var(--put) } .method.delete { color: var(--delete) }
.soft { color: var(--soft); font-size: .9em }
table { border-collapse: collapse; width: 100%; margin: .3rem 0 }
th { text-align: left; font-size: .8rem; color: var(--soft); font-weight: 600 }
td, th { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; vertical-align: top }
td:first-child { white-space: nowrap }
ul.schema { margin: .2rem 0; padding-left: 1.1rem }
:target { outline: 2px solid var(--accent); outline-offset: .4rem; border-radius: .2rem }
@media (max-width: 50rem) {
  body { display: block }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line) }
  td:first-child { white-space: normal }
}
`
