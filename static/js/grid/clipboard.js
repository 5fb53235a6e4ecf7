/* Copy and paste with spreadsheets: as text in the person's format, and as a table that carries the exact numbers. */

/** Tab-separated text to rows of cells; quoted cells may hold tabs, line ends and "". */
export function parseText(text) {
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  const endCell = () => { row.push(cell); cell = ''; };
  const endRow = () => { endCell(); rows.push(row); row = []; };
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place];
    if (quoted && sign === '"' && text[place + 1] === '"') { cell += '"'; place += 1; }
    else if (quoted) { if (sign === '"') quoted = false; else cell += sign; }
    else if (sign === '"' && cell === '') quoted = true;
    else if (sign === '\t') endCell();
    else if (sign === '\n' || sign === '\r') { if (sign === '\r' && text[place + 1] === '\n') place += 1; endRow(); }
    else cell += sign;
  }
  if (cell !== '' || row.length) endRow();
  return rows;
}

/** The cells of the first table of copied html, as numbers where the source tells them exactly; null where there is none. */
export function parseHtml(html) {
  const table = new DOMParser().parseFromString(html, 'text/html').querySelector('table');
  if (!table) return null;
  return [...table.rows].map(row => [...row.cells].flatMap(cell => [exactValue(cell), ...Array(Math.max(0, cell.colSpan - 1)).fill('')]));
}

function exactValue(cell) {
  const stated = cell.dataset.value ?? cell.getAttribute('x:num') ?? sheetValue(cell);
  const number = stated ? Number(stated) : Number.NaN;
  return Number.isFinite(number) ? number : cell.textContent.trim();
}

function sheetValue(cell) {
  const stated = cell.dataset.sheetsValue;
  return stated?.includes('"3":') ? stated.replace(/^.*"3":([-\d.eE+]+).*$/, '$1') : null;
}

/** What the clipboard holds, as rows of numbers and texts. */
export function cellsOf(clipboard) {
  const html = clipboard.getData('text/html');
  return (html && parseHtml(html)) || parseText(clipboard.getData('text/plain'));
}

/** Puts the chosen cells on the clipboard in both flavours. */
export function copy(grid, clipboard) {
  const { top, bottom, left, right } = grid.selection.range();
  const rows = grid.model.rows.slice(top, bottom + 1);
  const values = rows.map(row => grid.model.months.slice(left, right + 1).map((_, place) => grid.model.value(row, left + place)));
  clipboard.setData('text/plain', values.map(line => line.map(value => grid.format.plainText(value)).join('\t')).join('\n'));
  const cells = line => line.map(value => `<td data-value="${value ?? ''}">${grid.format.plainText(value)}</td>`).join('');
  clipboard.setData('text/html', `<table>${values.map(line => `<tr>${cells(line)}</tr>`).join('')}</table>`);
  grid.say(`${values.length} × ${values[0]?.length ?? 0} cells copied`);
}

/** How far a paste reaches: one cell fills the selection, a block repeats where the selection is a multiple of it. */
export function pasteSize({ height, width }, { top, bottom, left, right }) {
  const chosen = { height: bottom - top + 1, width: right - left + 1 };
  const fits = chosen.height % height === 0 && chosen.width % width === 0;
  return fits ? chosen : { height, width };
}

/** The pasted cells as changes, parents first, and what had to be left out. */
export function changesOf(grid, cells) {
  const { model, format, selection } = grid;
  const range = selection.range();
  const source = { height: cells.length, width: Math.max(0, ...cells.map(row => row.length)) };
  const size = source.width ? pasteSize(source, range) : { height: 0, width: 0 };
  const changes = [];
  const left = { beyond: 0, text: 0 };
  for (let down = 0; down < size.height; down += 1) {
    for (let across = 0; across < size.width; across += 1) {
      const content = cells[down % source.height][across % source.width];
      if (content === undefined || content === '') continue;
      const row = model.rows[range.top + down];
      const column = range.left + across;
      const value = typeof content === 'number' ? content : format.parse(content);
      if (!row || column >= model.months.length) left.beyond += 1;
      else if (value === null) left.text += 1;
      else changes.push({ row, column, operation: 'set', value });
    }
  }
  changes.sort((a, b) => a.row.node.level - b.row.node.level);
  return { changes, left, reach: { ...range, bottom: range.top + size.height - 1, right: range.left + size.width - 1 } };
}

export function followClipboard(grid) {
  const { host, table } = grid.view;
  const onTable = event => event.target === table || host.contains(event.target) && event.target !== grid.editor.input;
  host.addEventListener('copy', event => {
    if (!onTable(event)) return;
    event.preventDefault();
    copy(grid, event.clipboardData);
  });
  host.addEventListener('cut', event => {
    if (onTable(event)) event.preventDefault();
  });
  host.addEventListener('paste', event => {
    if (!onTable(event)) return;
    event.preventDefault();
    grid.paste(cellsOf(event.clipboardData));
  });
}
