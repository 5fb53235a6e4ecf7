/* The buttons above the grid and the status line below it. */
import { element, icon } from '../dom.js';
import { monthLabel } from '../chart-kinds.js';

export class Tools {
  constructor(grid) {
    this.grid = grid;
    this.find = name => grid.root.querySelector(`[data-${name}]`);
    this.live = this.find('live');
    this.#wire();
  }

  #wire() {
    const { grid } = this;
    const clicks = {
      'grid-undo': () => grid.undo(), 'grid-redo': () => grid.redo(), 'grid-comments': () => grid.openCell(), 'grid-keys': () => grid.showKeys(),
      'grid-inputs': button => this.#press(button, on => grid.arrange(model => { model.onlyInputs = on; })),
      'grid-attention': button => this.#press(button, on => grid.setAttention(on)),
      'grid-lock': () => grid.locks.toggleCells(), 'grid-lock-row': () => grid.locks.toggleRows(),
    };
    for (const [name, act] of Object.entries(clicks)) {
      const button = this.find(name);
      button?.addEventListener('click', () => act(button));
    }
    for (const button of grid.root.querySelectorAll('[data-level]')) button.addEventListener('click', () => this.#onLevel(button));
    for (const button of grid.root.querySelectorAll('[data-unit]')) button.addEventListener('click', () => grid.setUnit(button.dataset.unit));
    this.units = this.find('unit-choice');
    this.units?.addEventListener('change', () => grid.setUnit(this.units.value));
  }

  #press(button, act) {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', on);
    act(on);
  }

  #onLevel(button) {
    for (const other of this.grid.root.querySelectorAll('[data-level]')) other.setAttribute('aria-pressed', other === button);
    this.grid.showLevel(Number(button.dataset.level));
  }

  pressUnit(unit) {
    for (const button of this.grid.root.querySelectorAll('[data-unit]')) button.setAttribute('aria-pressed', button.dataset.unit === unit);
    if (this.units) this.units.value = unit;
  }

  /** A chip for each measure; it shows and hides the measure's rows. */
  rebuild() {
    const { grid } = this;
    const chips = grid.model.measures.map(measure => {
      const shown = !grid.model.hidden.has(measure.key);
      const chip = element('button', { class: `chip ${measure.colour ?? measure.key}`, type: 'button', 'aria-pressed': shown }, element('i', {}), measure.label);
      chip.addEventListener('click', () => this.#press(chip, on => grid.arrange(model => model.hidden[on ? 'delete' : 'add'](measure.key))));
      return chip;
    });
    this.find('grid-measures')?.replaceChildren(...chips);
    const count = this.find('attention-count');
    if (count) count.textContent = grid.model.attentionCount() || '';
    this.find('grid-empty')?.toggleAttribute('hidden', grid.model.rows.length > 0);
    this.find('grid-trouble')?.setAttribute('hidden', '');
  }

  /** Loading failed: instead of an empty grid, or beside the one that stands. */
  showTrouble(words, isBare) {
    const box = this.find('grid-trouble');
    if (isBare && box) {
      box.hidden = false;
      box.querySelector('p').textContent = words;
      box.querySelector('button').onclick = () => this.grid.load();
    } else {
      this.say(words, 'warn');
    }
  }

  /* ---- status line ---- */

  say(words, tone = '') {
    this.live.textContent = '';
    // A repeated message is read out again only if the text was gone for a moment.
    requestAnimationFrame(() => { this.live.textContent = words; });
    const shown = this.find('message');
    shown.textContent = words;
    shown.className = tone;
  }

  showSelection() {
    const { selection, model, format, view } = this.grid;
    const place = this.find('selection');
    const row = selection.row();
    if (!row) {
      place.textContent = '';
      return;
    }
    const figures = selection.figures();
    if (figures.rows * figures.columns > 1) place.replaceChildren(...this.#sums(figures, value => format.format(value, view.digits())));
    else place.replaceChildren(element('b', {}, row.node.name), ` · ${row.measure.label} · ${monthLabel(model.months[selection.cursor.column])} `, element('span', { class: 'dim' }, view.describe(row, selection.cursor.column)));
  }

  #sums({ rows, columns, count, sum, average, least, most }, number) {
    const pairs = [['', `${rows} × ${columns}`], ['Count', count], ['Sum', number(sum)], ['Average', number(average)], ['Least', number(least)], ['Most', number(most)]];
    return pairs.map(([word, value]) => element('span', {}, word ? `${word} ` : '', element('b', {}, String(value))));
  }

  /** Saved, on its way, kept because the connection is gone, or waiting for an answer about two values. */
  showSaved() {
    const { sync, model } = this.grid;
    const count = sync.waiting.length;
    const many = `${count} change${count === 1 ? '' : 's'}`;
    const place = this.find('saved');
    if (this.grid.answers.open) {
      place.replaceChildren(element('button', { class: 'btn small danger', type: 'button', onclick: () => this.grid.answers.resolve() }, icon('alert'), `${model.conflicts.size} cell${model.conflicts.size === 1 ? '' : 's'} changed by somebody else: choose`));
    } else if (sync.isOffline) {
      place.replaceChildren(element('span', { class: 'warn' }, icon('alert'), `Connection lost: ${many} kept here, sent when it is back`), element('button', { class: 'btn small', type: 'button', onclick: () => sync.retry() }, 'Try now'));
    } else if (count) {
      place.replaceChildren(element('span', {}, icon('clock'), `Saving ${many} …`));
    } else {
      place.replaceChildren(element('span', { class: 'good' }, icon('check'), 'All changes saved'));
    }
    this.find('grid-undo')?.toggleAttribute('disabled', !this.grid.history.done.length && !count);
    this.find('grid-redo')?.toggleAttribute('disabled', !this.grid.history.undone.length);
  }
}
