/** How often the panel asks what the shop holds, in milliseconds. */
const REFRESH = 3_000;

const panel = document.querySelector('#panel');
const isWide = matchMedia('(min-width: 60rem)');

/** The last answer as text: an unchanged panel is left alone, so that what is selected in it stays selected. */
let shown = '';

/**
 * @param {string} name of the element
 * @param {string} text
 * @param {string} [className]
 */
function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** @param {Record<string, string>} row */
function rowOf(row) {
  const list = element('dl', '', 'row');
  for (const [column, value] of Object.entries(row)) {
    const shownValue = element('dd', '');
    shownValue.append(element('code', value === '' ? 'null' : value));
    list.append(element('dt', column), shownValue);
  }
  return list;
}

/** @param {{to: string, time: string, method: string, path: string, fields: Record<string, string>}} request */
function requestOf({ to, time, method, path, fields }) {
  const item = element('li', '');
  item.append(element('span', to === 'vault' ? `${time} to the vault` : `${time} from this browser`, 'when'));
  item.append(element('code', `${method} ${path}`));
  for (const [name, value] of Object.entries(fields)) item.append(element('code', `${name}: ${value}`, 'field'));
  return item;
}

function show({ rows, objects, newest, problem, requests }) {
  document
    .querySelector('#rows')
    .replaceChildren(...(rows.length ? rows.map(rowOf) : [element('p', 'No row yet.')]));
  document.querySelector('#objects-summary').textContent =
    problem ?? `${objects} objects; those in objects/ are values, encrypted. The newest, with their sizes in bytes:`;
  document.querySelector('#objects').replaceChildren(
    ...newest.map(({ name, size }) => {
      const item = element('li', '');
      item.append(element('code', name), element('span', String(size), 'size'));
      return item;
    }),
  );
  document.querySelector('#requests').replaceChildren(...requests.map(requestOf));
}

async function refresh() {
  const answer = await fetch('/api/panel');
  const text = await answer.text();
  if (!answer.ok || text === shown) return;
  shown = text;
  show(JSON.parse(text));
}

async function keepRefreshing() {
  try {
    if (panel.open && !document.hidden) await refresh();
  } catch {
    // The shop does not answer now; the next request may succeed.
  }
  setTimeout(keepRefreshing, REFRESH);
}

if (document.body.dataset.person !== 'nobody') {
  panel.open = isWide.matches;
  isWide.addEventListener('change', () => (panel.open = isWide.matches));
  panel.addEventListener('toggle', () => void refresh().catch(() => {}));
  void keepRefreshing();
}
