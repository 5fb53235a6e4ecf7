/* The field that opens over a cell while somebody types. */
import { element } from '../dom.js';

export class Editor {
  constructor(grid) {
    this.grid = grid;
    this.input = element('input', { class: 'pg-edit', 'aria-label': 'New value', autocomplete: 'off', inputmode: 'decimal', hidden: true });
    grid.view.host.append(this.input);
    this.input.addEventListener('keydown', event => this.#onKey(event));
    this.input.addEventListener('blur', () => this.commit({ keepFocus: true }));
  }

  get isOpen() {
    return !this.input.hidden;
  }

  start(text) {
    const { model, selection, view, format } = this.grid;
    const row = selection.row();
    const { column } = selection.cursor;
    const why = model.whyLocked(row, column);
    if (why) {
      view.refuse();
      this.grid.say(why);
      return;
    }
    view.place(this.input, { top: selection.cursor.row, bottom: selection.cursor.row, left: column, right: column });
    this.input.value = text ?? format.plainText(model.value(row, column));
    this.input.setAttribute('aria-label', `${row.node.name}, ${row.measure.label}: new value`);
    this.input.removeAttribute('aria-invalid');
    this.input.hidden = false;
    this.input.focus({ preventScroll: true });
    if (text === undefined) this.input.select();
  }

  #onKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const back = event.shiftKey ? -1 : 1;
    const moves = { Enter: [back, 0], Tab: [0, back], Escape: [0, 0] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    if (event.key === 'Escape') this.#close();
    else if (this.commit({ all: event.ctrlKey || event.metaKey }) && !event.ctrlKey) this.#moveBy(move);
  }

  #moveBy([down, right]) {
    const { cursor } = this.grid.selection;
    this.grid.selection.go({ row: cursor.row + down, column: cursor.column + right });
  }

  /** Takes what was typed; with `all`, into every chosen cell. Stays open and says so where it is no number. */
  commit({ all = false, keepFocus = false } = {}) {
    if (!this.isOpen) return true;
    const text = this.input.value.trim();
    const entry = text === '' ? null : this.grid.format.parseEntry(text);
    if (text !== '' && !entry) return this.#complain(text, keepFocus);
    this.#close(keepFocus);
    if (!entry) return true;
    const { selection } = this.grid;
    const cells = all ? selection.cells() : [{ row: selection.row(), column: selection.cursor.column }];
    this.grid.change(cells.map(cell => ({ ...cell, ...entry })), 'edit');
    return true;
  }

  #complain(text, leaving) {
    this.input.setAttribute('aria-invalid', 'true');
    this.grid.say(`"${text}" is no number here: write it like ${this.grid.format.example}.`, 'warn');
    if (leaving) this.#close(true);
    return false;
  }

  #close(keepFocus = false) {
    this.input.hidden = true;
    if (!keepFocus) this.grid.view.table.focus({ preventScroll: true });
  }
}
