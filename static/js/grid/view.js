/*
 * Draws the rows that are on the screen. Rows are recycled, contained and absolutely placed; the two label columns sit in one
 * sticky block. The focus stays on the table and aria-activedescendant names the cell.
 */
import { element } from '../dom.js';
import { columnClass, groupRow, headRow, placed } from './head.js';
import { cellKey } from './model.js';

const ROW_HEIGHT = 24;
const OVERSCAN = 6;
const WIDE = { label: 208, measure: 124 };
const NARROW_BELOW = 620;
const NARROW = { label: 118, measure: 86 };

export class View {
  constructor(host, model, format, config) {
    Object.assign(this, { host, model, format, config, rowHeight: ROW_HEIGHT, pool: [], range: null });
    this.uid = `${host.closest('[id]')?.id ?? 'grid'}-cell`;
    host.classList.add('pg');
    this.#buildFrame();
  }

  #buildFrame() {
    this.table = element('div', { class: 'pg-table', role: 'treegrid', tabindex: 0, 'aria-label': this.config.label ?? 'Plan', 'aria-multiselectable': true });
    this.head = element('div', { class: 'pg-head', role: 'rowgroup' });
    this.body = element('div', { class: 'pg-body', role: 'rowgroup' });
    this.table.append(this.head, this.body);
    this.selectionBox = element('div', { class: 'pg-selection', 'aria-hidden': true, hidden: true });
    this.cursorBox = element('div', { class: 'pg-cursor', 'aria-hidden': true, hidden: true });
    this.fillHandle = element('div', { class: 'pg-handle', 'aria-hidden': true, hidden: true });
    this.host.replaceChildren(this.table, this.selectionBox, this.cursorBox, this.fillHandle);
  }

  /** After a new tree: columns, widths, head. */
  rebuild() {
    this.isNarrow = this.host.clientWidth < NARROW_BELOW;
    const widths = this.isNarrow ? NARROW : WIDE;
    this.frozen = widths.label + widths.measure;
    this.columnWidth = this.#widthOfColumns();
    const sizes = { row: this.rowHeight, label: widths.label, measure: widths.measure, frozen: this.frozen };
    for (const [name, size] of Object.entries(sizes)) this.host.style.setProperty(`--pg-${name}`, `${size}px`);
    this.table.style.width = `${this.frozen + this.columnWidth * this.model.months.length}px`;
    this.table.setAttribute('aria-colcount', this.model.months.length + 2);
    this.head.replaceChildren(groupRow(this), headRow(this));
    for (const line of this.pool) line.remove();
    this.pool = [];
    this.refresh();
  }

  /** Wide enough for the longest number of the top row. */
  #widthOfColumns() {
    const top = this.model.nodes.get(this.model.roots[0]);
    const values = top ? Object.values(top.values).flat() : [];
    const longest = Math.max(5, ...values.map(value => this.format.format(value, this.digits()).length));
    return Math.max(62, longest * 7 + 12);
  }

  digits() {
    return this.config.digits?.[this.model.unit] ?? 0;
  }

  /* ---- rows ---- */

  #newLine() {
    const line = element('div', { class: 'pg-row', role: 'row' });
    line.twist = element('button', { class: 'pg-twist', type: 'button', tabindex: -1 });
    line.name = element('span', { class: 'pg-name' });
    line.label = element('div', { class: 'pg-label', role: 'rowheader', 'aria-colindex': 1 }, line.twist, line.name);
    line.measure = element('div', { class: 'pg-measure', role: 'rowheader', 'aria-colindex': 2 });
    line.append(element('div', { class: 'pg-frozen', role: 'presentation' }, line.label, line.measure));
    line.cells = this.model.months.map((_, column) => {
      const cell = placed(this, element('div', { class: 'pg-cell', role: 'gridcell', 'aria-colindex': column + 3 }, ''), column);
      cell.column = column;
      line.append(cell);
      return cell;
    });
    line.index = -1;
    return line;
  }

  #fillLine(line, index) {
    const row = this.model.rows[index];
    const { node, measure, first } = row;
    const branch = first && node.has_children;
    const open = this.model.open.has(node.id) && node.children;
    Object.assign(line, { index, row });
    line.style.transform = `translateY(${index * this.rowHeight}px)`;
    line.className = `pg-row level-${node.level} ${first ? 'first' : ''} ${measure.editable ? 'entry' : ''} ${measure.total || measure.key === 'consensus' ? 'total' : ''} ${node.flags?.includes('attention') ? 'attention' : ''} ${node.row_locked ? 'row-locked' : ''}`;
    line.setAttribute('aria-rowindex', index + 2);
    line.setAttribute('aria-level', node.level + 1);
    if (branch) line.setAttribute('aria-expanded', Boolean(open));
    else line.removeAttribute('aria-expanded');
    line.twist.hidden = !branch;
    line.twist.classList.toggle('shut', !open);
    if (branch) line.twist.setAttribute('aria-label', `${open ? 'Close' : 'Open'} ${node.name}`);
    line.label.style.paddingLeft = `${8 + node.level * 14 + (branch ? 0 : 18)}px`;
    line.label.title = first ? [node.code, node.name, node.row_locked && '(row locked)'].filter(Boolean).join(' ') : '';
    line.name.textContent = node.name;
    line.measure.textContent = measure.label;
    line.measure.className = `pg-measure row-mark ${measure.colour ?? measure.key}`;
    for (const cell of line.cells) this.#fillCell(line, cell);
  }

  #fillCell(line, cell) {
    const { row } = line;
    const value = this.model.value(row, cell.column);
    const text = value === 0 ? '–' : this.format.format(value, this.digits());
    if (cell.firstChild.data !== text) cell.firstChild.data = text;
    const names = this.#cellClass(row, cell.column, value);
    if (cell.names === names) return;
    cell.className = cell.names = names;
    if (this.model.canEdit(row, cell.column)) cell.removeAttribute('aria-readonly');
    else cell.setAttribute('aria-readonly', 'true');
  }

  #cellClass(row, column, value) {
    const { model } = this;
    const key = cellKey(row.node.id, row.measure.key, column);
    const names = ['pg-cell', columnClass(model, column)];
    if (!model.canEdit(row, column)) names.push('read-only');
    if (value === 0) names.push('zero');
    if (row.measure.editable && row.node.lockedAt.has(column)) names.push('locked');
    else if (row.measure.editable && row.node.lockedInPart.has(column)) names.push('in-part');
    if (model.isOwn(row, column)) names.push('own');
    if (model.preview.has(key)) names.push('pending');
    if (model.changed.has(key)) names.push('changed');
    if (model.conflicts.has(key)) names.push('conflict');
    if (model.needsAttention(row, column)) names.push('look');
    if (model.commentsAt(row, column)) names.push('noted');
    return names.join(' ');
  }

  /** After rows came or went. */
  refresh() {
    this.table.setAttribute('aria-rowcount', this.model.rows.length + 1);
    for (const line of this.pool) line.index = -1;
    this.window = null;
    this.body.style.height = `${this.model.rows.length * this.rowHeight}px`;
    this.render();
  }

  /** After values changed. */
  repaint() {
    for (const line of this.pool) {
      if (line.isConnected && line.index >= 0 && line.index < this.model.rows.length) this.#fillLine(line, line.index);
    }
  }

  headHeight() {
    return (this.cachedHead ||= this.head.offsetHeight);
  }

  resized() {
    this.cachedHead = 0;
    this.window = null;
    if (this.isNarrow !== this.host.clientWidth < NARROW_BELOW) this.rebuild();
    else this.render();
  }

  render() {
    const visible = this.host.clientHeight - this.headHeight();
    const total = this.model.rows.length;
    const start = Math.max(0, Math.min(total - 1, Math.floor(this.host.scrollTop / this.rowHeight)) - OVERSCAN);
    const end = Math.min(total, Math.ceil((this.host.scrollTop + visible) / this.rowHeight) + OVERSCAN);
    if (this.window && this.window[0] === start && this.window[1] === end) return;
    this.window = [start, end];
    while (this.pool.length < end - start) this.pool.push(this.#newLine());
    const present = new Map();
    const free = [];
    for (const line of this.pool) {
      if (line.index >= start && line.index < end && !present.has(line.index)) present.set(line.index, line);
      else free.push(line);
    }
    for (let index = start; index < end; index += 1) {
      if (present.has(index)) continue;
      const line = free.pop();
      this.#fillLine(line, index);
      if (!line.isConnected) this.body.append(line);
    }
    for (const line of free) {
      line.index = -1;
      line.remove();
    }
    this.#nameActive();
  }

  /** The rows that a person can see now. */
  inSight() {
    const { scrollTop, clientHeight } = this.host;
    const first = Math.floor(scrollTop / this.rowHeight);
    return this.model.rows.slice(first, Math.ceil((scrollTop + clientHeight - this.headHeight()) / this.rowHeight));
  }

  /* ---- the selection on the screen ---- */

  /** Where a block of cells stands, in pixels inside the scrolling box. */
  box({ top, left, bottom, right }) {
    return {
      left: this.frozen + left * this.columnWidth, top: this.headHeight() + top * this.rowHeight,
      width: (right - left + 1) * this.columnWidth, height: (bottom - top + 1) * this.rowHeight,
    };
  }

  place(box, where) {
    for (const [side, size] of Object.entries(this.box(where))) box.style[side] = `${size}px`;
  }

  showSelection(range, cursor) {
    const empty = !this.model.rows.length;
    const single = range.top === range.bottom && range.left === range.right;
    this.cursor = cursor;
    this.selectionBox.hidden = empty || single;
    this.cursorBox.hidden = this.fillHandle.hidden = empty;
    if (empty) return;
    this.place(this.selectionBox, range);
    this.place(this.cursorBox, { top: cursor.row, bottom: cursor.row, left: cursor.column, right: cursor.column });
    const { left, top, width, height } = this.box(range);
    this.fillHandle.style.translate = `${left + width - 4}px ${top + height - 4}px`;
    this.#nameActive();
  }

  scrollTo({ row, column }) {
    const { left, top, width, height } = this.box({ top: row, bottom: row, left: column, right: column });
    const { host } = this;
    if (left - this.frozen < host.scrollLeft) host.scrollLeft = left - this.frozen;
    else if (left + width > host.scrollLeft + host.clientWidth) host.scrollLeft = left + width - host.clientWidth;
    if (top - this.headHeight() < host.scrollTop) host.scrollTop = top - this.headHeight();
    else if (top + height > host.scrollTop + host.clientHeight) host.scrollTop = top + height - host.clientHeight;
    this.render();
  }

  cellElement({ row, column }) {
    return this.pool.find(line => line.isConnected && line.index === row)?.cells[column] ?? null;
  }

  /** Only the cell under the cursor carries an id; its marks are told in words. */
  #nameActive() {
    const cell = this.cursor && this.cellElement(this.cursor);
    if (this.active && this.active !== cell) {
      for (const name of ['id', 'aria-selected', 'aria-description']) this.active.removeAttribute(name);
    }
    this.active = cell;
    if (!cell) {
      this.table.removeAttribute('aria-activedescendant');
      return;
    }
    cell.id = this.uid;
    cell.setAttribute('aria-selected', 'true');
    const words = this.describe(this.model.rows[this.cursor.row], this.cursor.column);
    if (words) cell.setAttribute('aria-description', words);
    else cell.removeAttribute('aria-description');
    this.table.setAttribute('aria-activedescendant', this.uid);
  }

  /** The marks of a cell in words. */
  describe(row, column) {
    if (!row) return '';
    const comments = this.model.commentsAt(row, column);
    const key = cellKey(row.node.id, row.measure.key, column);
    return [
      row.measure.editable && this.model.whyLocked(row, column),
      row.measure.editable && row.node.lockedInPart.has(column) && !row.node.lockedAt.has(column) && 'Locked in part.',
      this.model.conflicts.has(key) && 'Somebody else changed this.',
      this.model.needsAttention(row, column) && 'Needs attention.',
      comments && `${comments} comment${comments > 1 ? 's' : ''}.`,
      this.model.preview.has(key) && 'Not saved yet.',
    ].filter(Boolean).join(' ');
  }

  refuse() {
    this.cursorBox.classList.remove('refused');
    void this.cursorBox.offsetWidth; // restarts the animation
    this.cursorBox.classList.add('refused');
  }

  /** The cell at a mouse event, or null. */
  cellAt(event) {
    const cell = event.target.closest?.('.pg-body .pg-cell');
    const line = cell?.parentNode;
    return line && line.index >= 0 ? { row: line.index, column: cell.column } : null;
  }
}
