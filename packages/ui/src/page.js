// The newest events, by the native API. Everything shown is set as text, never as markup.

const form = /** @type {HTMLFormElement} */ (document.querySelector('#query'))
const status = /** @type {HTMLElement} */ (document.querySelector('#status'))
const rows = /** @type {HTMLElement} */ (document.querySelector('#events'))
const older = /** @type {HTMLButtonElement} */ (document.querySelector('#older'))
const pageSize = 50

let cursor = ''

form.addEventListener('submit', (event) => {
  event.preventDefault()
  rows.replaceChildren()
  cursor = ''
  void showNext()
})
older.addEventListener('click', () => void showNext())

async function showNext() {
  const input = new FormData(form)
  const query = new URLSearchParams({ direction: 'backward', limit: String(pageSize) })
  const type = String(input.get('type')).trim()
  if (type !== '') query.set('type', type)
  if (cursor !== '') query.set('after', cursor)
  status.textContent = 'Reading …'
  older.hidden = true
  try {
    const answer = await fetch(`/eventwell/events?${query}`, {
      headers: { authorization: `Bearer ${input.get('key')}` },
    })
    const body = await answer.json()
    if (!answer.ok) throw new Error(body.detail ?? body.message)
    for (const event of body.events) rows.append(rowOf(event))
    cursor = body.cursor
    older.hidden = !body.more
    status.textContent =
      rows.children.length === 0 ? 'No events.' : `${rows.children.length} shown.`
  } catch (error) {
    status.textContent = error instanceof Error ? error.message : String(error)
  }
}

/** @param {Record<string, unknown>} event */
function rowOf(event) {
  const row = document.createElement('tr')
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  const text = document.createElement('pre')
  summary.textContent = String(event['id'])
  text.textContent = JSON.stringify(event, null, 2)
  details.append(summary, text)
  for (const name of ['recordedtime', 'type', 'source']) {
    row.insertCell().textContent = String(event[name] ?? '')
  }
  row.insertCell().append(details)
  return row
}
