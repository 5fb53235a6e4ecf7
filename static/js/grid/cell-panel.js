/* Comments and history of one cell, in a small panel beside it. */
import { element, icon } from '../dom.js';
import { Refusal, requestJson } from '../http.js';
import { monthLabel } from '../chart-kinds.js';

export class CellPanel {
  constructor(grid, url) {
    Object.assign(this, { grid, url, panel: null });
    document.addEventListener('mousedown', event => {
      if (this.panel && !this.panel.contains(event.target)) this.close(false);
    });
  }

  async open() {
    const { selection, view, model } = this.grid;
    const row = selection.row();
    if (!this.url || !row) return;
    const place = { node: row.node.id, measure: row.measure.key, month: model.months[selection.cursor.column], unit: this.grid.scope.unit };
    const title = `${row.node.name} · ${row.measure.label} · ${monthLabel(place.month)}`;
    this.#show(title, view.cellElement(selection.cursor), element('p', { class: 'mute' }, 'Loading …'));
    await this.#load(place, () => requestJson(`${this.url}?${new URLSearchParams(place)}`));
  }

  close(giveBackFocus = true) {
    this.panel?.remove();
    this.panel = null;
    if (giveBackFocus) this.grid.view.table.focus({ preventScroll: true });
  }

  #show(title, cell, content) {
    this.close(false);
    this.content = element('div', {}, content);
    const shut = element('button', { class: 'btn small ghost icon-only', type: 'button', 'aria-label': 'Close', onclick: () => this.close() }, icon('close'));
    this.panel = element('div', { class: 'pop', role: 'dialog', 'aria-label': title, tabindex: -1 }, element('header', {}, element('b', {}, title), shut), this.content);
    this.panel.addEventListener('keydown', event => {
      event.stopPropagation();
      if (event.key === 'Escape') this.close();
    });
    document.body.append(this.panel);
    const { right, left, top } = (cell ?? this.grid.view.host).getBoundingClientRect();
    const beside = right + 6 + 320 < innerWidth ? right + 6 : Math.max(8, left - 326);
    this.panel.style.left = `${Math.min(beside, innerWidth - 328)}px`;
    this.panel.style.top = `${Math.max(8, Math.min(top - 8, innerHeight - 320))}px`;
    this.panel.focus();
  }

  async #load(place, fetchIt) {
    try {
      const story = await fetchIt();
      this.#fill(place, story);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.content.prepend(element('p', { class: 'bad', role: 'alert' }, error.message));
      return false;
    }
  }

  #fill(place, { comments = [], changes = [], note }) {
    const text = element('textarea', { 'aria-label': 'New comment', placeholder: 'Write what the others should know' });
    const form = element('form', {}, text, element('div', { class: 'actions' }, element('button', { class: 'btn small primary' }, 'Comment')));
    form.addEventListener('submit', event => {
      event.preventDefault();
      if (text.value.trim()) this.#comment(place, text.value.trim());
    });
    this.content.replaceChildren(...[
      note && element('p', { class: 'hint' }, note),
      comments.length > 0 && element('ul', {}, ...comments.map(({ by, at, text: words }) => element('li', {}, element('b', {}, by), element('small', {}, at), words))),
      form,
      changes.length > 0 && element('h3', {}, 'Changes'),
      changes.length > 0 && element('ul', {}, ...changes.map(change => this.#change(change))),
    ].filter(Boolean));
    text.focus();
  }

  #change({ by, at, old, new: now, reason, comment }) {
    const { format, view } = this.grid;
    const number = value => format.format(value, view.digits()) || 'empty';
    return element('li', {}, element('b', {}, by), ` ${number(old)} → ${number(now)}`, element('small', {}, [at, reason, comment].filter(Boolean).join(' · ')));
  }

  async #comment(place, text) {
    const saved = await this.#load(place, () => requestJson(this.url, { ...place, text }));
    if (!saved) return;
    const { model, view } = this.grid;
    const key = `${place.measure}|${model.months.indexOf(place.month)}`;
    const { commentsAt } = model.nodes.get(place.node);
    commentsAt.set(key, (commentsAt.get(key) ?? 0) + 1);
    view.repaint();
  }
}
