/* The chosen cells: an anchor (the cursor), a head, and the block between them. Moved by keys and by the mouse. */

export class Selection {
  constructor(model, view, onChange) {
    Object.assign(this, { model, view, onChange });
    this.cursor = { row: 0, column: 0 };
    this.head = { row: 0, column: 0 };
  }

  range() {
    const { cursor, head } = this;
    return {
      top: Math.min(cursor.row, head.row), bottom: Math.max(cursor.row, head.row),
      left: Math.min(cursor.column, head.column), right: Math.max(cursor.column, head.column),
    };
  }

  /** [{row, column}] of every chosen cell, row by row. */
  cells() {
    const { top, bottom, left, right } = this.range();
    const cells = [];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) cells.push({ row: this.model.rows[row], column });
    }
    return cells.filter(cell => cell.row);
  }

  row() {
    return this.model.rows[this.cursor.row];
  }

  clamp({ row, column }) {
    return {
      row: Math.max(0, Math.min(this.model.rows.length - 1, row)),
      column: Math.max(0, Math.min((this.model.months?.length ?? 1) - 1, column)),
    };
  }

  go(where, { extend = false } = {}) {
    const target = this.clamp(where);
    this.head = target;
    if (!extend) this.cursor = { ...target };
    this.view.scrollTo(target);
    this.show();
  }

  /** A block, with the cursor at its first cell. */
  choose({ top, left, bottom, right }) {
    this.cursor = this.clamp({ row: top, column: left });
    this.head = this.clamp({ row: bottom, column: right });
    this.show();
  }

  show() {
    this.view.showSelection(this.range(), this.cursor);
    this.onChange();
  }

  /** Keeps the cursor at its node and measure when rows above it come or go. */
  hold(change) {
    const row = this.row();
    const single = this.cursor.row === this.head.row && this.cursor.column === this.head.column;
    change();
    const place = row ? this.model.rowIndex(row.node.id, row.measure.key) : -1;
    const fallback = row ? this.#nearest(row) : 0;
    const moved = place >= 0 ? place : fallback;
    this.head = single ? this.clamp({ row: moved, column: this.cursor.column }) : this.clamp(this.head);
    this.cursor = this.clamp({ row: moved, column: this.cursor.column });
    this.view.refresh();
    this.show();
  }

  /** The row's branch when the row itself has been folded away. */
  #nearest(row) {
    for (let node = row.node; node; node = this.model.nodes.get(node.parent)) {
      const place = this.model.rows.findIndex(one => one.node.id === node.id);
      if (place >= 0) return place;
    }
    return 0;
  }

  /** Sum, average, count, least and most of what is chosen; also for a whole plan of many thousand rows. */
  figures() {
    const { top, bottom, left, right } = this.range();
    let [count, sum, least, most] = [0, 0, null, null];
    for (let index = top; index <= bottom && index < this.model.rows.length; index += 1) {
      for (let column = left; column <= right; column += 1) {
        const value = this.model.value(this.model.rows[index], column);
        if (value === null) continue;
        count += 1;
        sum += value;
        if (least === null || value < least) least = value;
        if (most === null || value > most) most = value;
      }
    }
    return { rows: bottom - top + 1, columns: right - left + 1, count, sum, average: count ? sum / count : null, least, most };
  }
}

/** Mouse: choose, extend, drag, open branches, and pull the handle to fill. */
export function followMouse(grid) {
  const { view, selection } = grid;
  let drag = '';
  view.host.addEventListener('mousedown', event => {
    const twist = event.target.closest('.pg-twist');
    if (twist) {
      event.preventDefault();
      grid.toggle(twist.closest('.pg-row').row.node);
      return;
    }
    const onHandle = event.target === view.fillHandle;
    const cell = onHandle ? selection.head : view.cellAt(event);
    if (!cell || event.button) return;
    event.preventDefault();
    grid.editor.commit();
    view.table.focus({ preventScroll: true });
    drag = onHandle ? 'fill' : 'choose';
    if (!onHandle) selection.go(cell, { extend: event.shiftKey });
    else grid.fillFrom = selection.range();
  });
  view.host.addEventListener('mouseover', event => {
    const cell = drag && view.cellAt(event);
    if (!cell) return;
    selection.head = cell;
    selection.show();
  });
  addEventListener('mouseup', () => {
    if (drag === 'fill') grid.fillFromHandle();
    drag = '';
  });
  view.host.addEventListener('dblclick', event => {
    if (view.cellAt(event)) grid.editor.start();
  });
}
