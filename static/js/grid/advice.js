/* While a figure is typed: what such entries of this person were worth, a suggested figure, and what it does to the plan. */
import { element } from '../dom.js';

const PAUSE_MS = 250;
const TAKE_KEY = 's'; // with Alt: takes the suggestion

class Advice {
  constructor(grid, host, url) {
    Object.assign(this, { grid, host, url, timer: 0, asking: null });
    const { input } = grid.editor;
    input.addEventListener('input', () => this.#later());
    input.addEventListener('keydown', event => this.#onKey(event), { capture: true });
    input.addEventListener('blur', () => this.#stop());
    // A click must not take the focus away first: the editor would save what was typed.
    host.addEventListener('mousedown', event => {
      if (event.target.closest('[data-take]')) event.preventDefault();
    });
    host.addEventListener('click', event => {
      if (event.target.closest('[data-take]')) this.#take();
    });
    // The line takes room, so the grid draws itself and its choice anew: that is no other cell while one is edited.
    grid.root.addEventListener('plan-grid:select', () => grid.editor.isOpen || this.#clear());
  }

  #onKey(event) {
    if (event.key === 'Escape') this.#clear();
    if (!event.altKey || event.key.toLowerCase() !== TAKE_KEY || !this.host.querySelector('[data-take]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#take();
  }

  #take() {
    const { editor, format } = this.grid;
    if (!editor.isOpen) return;
    editor.input.value = format.plainText(Number(this.host.querySelector('[data-take]').dataset.take));
    editor.commit();
    this.#clear();
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const { grid } = this;
    const row = grid.selection.row();
    const entry = grid.editor.isOpen && row ? grid.format.parseEntry(grid.editor.input.value.trim()) : null;
    if (!entry || entry.value === null) {
      this.#clear();
      return;
    }
    this.asking?.abort();
    this.asking = new AbortController();
    const place = { node: row.node.id, measure: row.measure.key, month: grid.model.months[grid.selection.cursor.column] };
    const query = new URLSearchParams({ ...place, ...entry, unit: grid.scope.unit, ...grid.scope.filters });
    const answer = await fetch(`${this.url}?${query}`, { signal: this.asking.signal, headers: { Accept: 'text/html', 'HX-Request': 'true' } }).catch(() => null);
    // Advice is no part of the entry: where it cannot be had, nothing is said and typing goes on.
    if (!answer?.ok || !grid.editor.isOpen) return;
    const text = await answer.text();
    if (grid.editor.isOpen) this.#show(text);
  }

  #show(text) {
    if (!text.trim()) {
      this.host.replaceChildren();
      return;
    }
    const parsed = new DOMParser().parseFromString(text, 'text/html');
    this.host.replaceChildren(element('div', {}, ...parsed.body.childNodes));
  }

  #stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  #clear() {
    this.#stop();
    this.host.replaceChildren();
  }
}

export function followTyping(grid) {
  const host = grid.root.querySelector('[data-grid-advice]');
  const { advice } = grid.root.dataset;
  if (host && advice) new Advice(grid, host, advice);
}
