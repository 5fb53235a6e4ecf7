/* Every key of the grid. Tab outside of an edit leaves the grid: no keyboard trap. */

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const STARTS_AN_EDIT = /^[\d.,+\-−*=(]$/;

export function followKeys(grid) {
  grid.view.table.addEventListener('keydown', event => {
    if (event.isComposing || !grid.model.rows.length) return;
    if (handle(grid, event)) event.preventDefault();
  });
}

function handle(grid, event) {
  const command = event.ctrlKey || event.metaKey;
  if (STEPS[event.key]) return event.altKey ? openOrClose(grid, event.key) : step(grid, event, command);
  if (command) return withControl(grid, event);
  if (event.altKey) return lock(grid, event);
  return plain(grid, event);
}

function step({ model, selection }, event, command) {
  const [down, right] = STEPS[event.key];
  const from = event.shiftKey ? selection.head : selection.cursor;
  const edge = {
    row: down < 0 ? 0 : down > 0 ? model.rows.length - 1 : from.row,
    column: right < 0 ? 0 : right > 0 ? model.months.length - 1 : from.column,
  };
  selection.go(command ? edge : { row: from.row + down, column: from.column + right }, { extend: event.shiftKey });
  return true;
}

function openOrClose(grid, key) {
  grid.toggle(grid.selection.row().node, key === 'ArrowRight' || key === 'ArrowDown');
  return true;
}

function lock({ locks }, event) {
  if (event.key.toLowerCase() !== 'l') return false;
  if (event.shiftKey) locks.toggleRows();
  else locks.toggleCells();
  return true;
}

function withControl(grid, event) {
  const { model, selection } = grid;
  const last = { row: model.rows.length - 1, column: model.months.length - 1 };
  const commands = {
    z: () => (event.shiftKey ? grid.redo() : grid.undo()),
    y: () => grid.redo(),
    a: () => selection.choose({ top: 0, left: 0, bottom: last.row, right: last.column }),
    d: () => grid.fill('down'),
    r: () => grid.fill('right'),
    home: () => selection.go({ row: 0, column: 0 }, { extend: event.shiftKey }),
    end: () => selection.go(last, { extend: event.shiftKey }),
  };
  const command = commands[event.key.toLowerCase()];
  command?.();
  return Boolean(command);
}

function plain(grid, event) {
  const { selection, view, model } = grid;
  const from = event.shiftKey ? selection.head : selection.cursor;
  const page = Math.max(1, Math.floor((view.host.clientHeight - view.headHeight()) / view.rowHeight) - 1);
  const extend = { extend: event.shiftKey };
  const commands = {
    PageDown: () => selection.go({ ...from, row: from.row + page }, extend),
    PageUp: () => selection.go({ ...from, row: from.row - page }, extend),
    Home: () => selection.go({ ...from, column: 0 }, extend),
    End: () => selection.go({ ...from, column: model.months.length - 1 }, extend),
    Enter: () => (event.shiftKey ? selection.go({ ...selection.cursor, row: selection.cursor.row - 1 }) : grid.editor.start()),
    F2: () => (event.shiftKey ? grid.openCell() : grid.editor.start()),
    Escape: () => selection.go(selection.cursor),
    Delete: () => grid.clearCells(),
    '?': () => grid.showKeys(),
  };
  const command = commands[event.key];
  if (command) command();
  else if (STARTS_AN_EDIT.test(event.key)) grid.editor.start(event.key);
  else return false;
  return true;
}
