/*
 * A heat table by keyboard: the whole table is one tab stop, arrows move, Home and End go to the row's ends, and the cell
 * under the cursor is the chosen one. Mark up: <table role="grid" data-heat-table> with td data-row data-column (numbers),
 * data-href for a cell whose story is fetched into the element that the table's data-target names.
 */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function cellAt(table, row, column) {
  return table.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
}

function destination(table, cell, key) {
  const row = Number(cell.dataset.row);
  const column = Number(cell.dataset.column);
  const own = [...cell.parentElement.querySelectorAll('td[data-column]')];
  if (key === 'Home') return own[0];
  if (key === 'End') return own.at(-1);
  if (key === 'PageUp') return table.querySelector(`td[data-column="${column}"]`);
  if (key === 'PageDown') return [...table.querySelectorAll(`td[data-column="${column}"]`)].at(-1);
  const step = STEPS[key];
  return step ? cellAt(table, row + step[0], column + step[1]) : null;
}

function choose(table, cell, { focus }) {
  for (const other of table.querySelectorAll('td[data-row]')) {
    const chosen = other === cell;
    other.tabIndex = chosen ? 0 : -1;
    other.setAttribute('aria-selected', chosen);
  }
  if (focus) cell.focus();
  table.dispatchEvent(new CustomEvent('heat:choose', { bubbles: true, detail: { cell, row: Number(cell.dataset.row), column: Number(cell.dataset.column) } }));
  tellStory(table, cell);
}

/* Moving quickly over many cells asks for the last one only. */
function tellStory(table, cell) {
  clearTimeout(table.storyTimer);
  if (!cell.dataset.href || !table.dataset.target) return;
  table.storyTimer = setTimeout(() => {
    window.htmx?.ajax('GET', cell.dataset.href, { target: table.dataset.target, swap: 'innerHTML' });
  }, 150);
}

function mount(table) {
  if (table.dataset.mounted) return;
  table.dataset.mounted = 'yes';
  const cells = [...table.querySelectorAll('td[data-row]')];
  const start = cells.find(cell => cell.getAttribute('aria-selected') === 'true') ?? cells[0];
  for (const cell of cells) cell.tabIndex = cell === start ? 0 : -1;
  table.addEventListener('click', event => {
    const cell = event.target.closest('td[data-row]');
    if (!cell) return;
    // The link in the cell is for those without script, and for a new tab.
    if (cell.dataset.href && table.dataset.target && !event.ctrlKey && !event.metaKey) event.preventDefault();
    choose(table, cell, { focus: true });
  });
  table.addEventListener('keydown', event => {
    const cell = event.target.closest('td[data-row]');
    const target = cell && destination(table, cell, event.key);
    if (!target) return;
    event.preventDefault();
    choose(table, target, { focus: true });
  });
}

function mountAll(scope) {
  for (const table of scope.querySelectorAll('[data-heat-table]')) mount(table);
}

mountAll(document);
document.addEventListener('htmx:load', event => mountAll(event.target.parentElement ?? document));
