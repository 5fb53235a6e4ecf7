/*
 * The planning grid: mounts on every [data-plan-grid] (docs/ui.md has the contract with the server).
 * This file ties the parts together; each part knows one thing.
 */
import { monthLabel } from '../chart-kinds.js';
import { readJson } from '../dom.js';
import { Refusal } from '../http.js';
import { followTyping } from './advice.js';
import { Answers } from './answers.js';
import { CellPanel } from './cell-panel.js';
import { changesOf, followClipboard } from './clipboard.js';
import { showKeys } from './dialogs.js';
import { Editor } from './editor.js';
import { FollowChart } from './follow-chart.js';
import { History } from './history.js';
import { followKeys } from './keys.js';
import { Locks } from './locks.js';
import { cellKey, Model } from './model.js';
import { NumberFormat, applied } from './numbers.js';
import { Selection, followMouse } from './selection.js';
import { Sync } from './sync.js';
import { Tools } from './tools.js';
import { View } from './view.js';

const PAST_SHOWN = 4;

export class PlanGrid {
  constructor(root) {
    const { src, edit, undo, cell, lock, config } = root.dataset;
    this.root = root;
    this.config = readJson(config) ?? {};
    this.format = new NumberFormat(this.config.number_format ?? document.documentElement.dataset.numberFormat);
    this.model = new Model({ hidden: this.config.hidden_measures });
    this.scope = { unit: this.config.unit ?? 'units', filters: { ...this.config.filters }, attention: false };
    this.view = new View(root.querySelector('[data-grid]'), this.model, this.format, this.config);
    this.selection = new Selection(this.model, this.view, () => this.#onSelect());
    this.editor = new Editor(this);
    this.panel = new CellPanel(this, cell);
    this.answers = new Answers(this);
    this.sync = new Sync(this.model, { src, edit, undo }, this.scope, this.answers);
    this.history = new History(this.sync);
    this.locks = new Locks(this, lock);
    this.tools = new Tools(this);
    this.chart = new FollowChart(this);
    for (const follow of [followKeys, followMouse, followClipboard, followTyping]) follow(this);
    this.#followPage();
  }

  #followPage() {
    const { host } = this.view;
    let frame = 0;
    host.addEventListener('scroll', () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        this.view.render();
        this.chart.follow();
        this.openVisible();
      });
    }, { passive: true });
    new ResizeObserver(() => {
      if (!this.model.isLoaded) return;
      this.view.resized();
      this.selection.show();
    }).observe(host);
    host.addEventListener('focusin', () => host.classList.add('has-focus'));
    host.addEventListener('focusout', event => host.classList.toggle('has-focus', host.contains(event.relatedTarget)));
  }

  /* ---- reading ---- */

  /** The tree from its top; with a depth, everything above that level is opened. */
  async load(depth = this.config.depth) {
    const answer = await this.#fetched('', depth);
    if (!answer) return;
    const cursor = this.model.isLoaded && this.selection.row() ? { row: this.selection.row(), column: this.selection.cursor.column } : null;
    this.model.take(answer);
    this.sync.layPreview();
    this.view.rebuild();
    this.tools.rebuild();
    this.tools.showSaved();
    this.#placeCursor(cursor);
    this.tell('loaded', { rev: this.model.rev });
  }

  #placeCursor(before) {
    const place = before ? this.model.rowIndex(before.row.node.id, before.row.measure.key) : -1;
    const firstInput = this.model.rows.findIndex(row => row.measure.editable);
    const row = place >= 0 ? place : Math.max(0, firstInput);
    // A few past months beside the plan; the rest of the past is a scroll away.
    if (!before) this.view.host.scrollLeft = Math.max(0, this.model.firstPlan - (this.view.isNarrow ? 0 : PAST_SHOWN)) * this.view.columnWidth;
    this.selection.go({ row, column: before?.column ?? Math.max(this.model.fence, this.model.firstPlan) });
  }

  async #fetched(parent, depth) {
    this.view.host.setAttribute('aria-busy', 'true');
    try {
      return await this.sync.fetch(parent, depth);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.tools.showTrouble(error.message, !this.model.isLoaded);
      return null;
    } finally {
      this.view.host.removeAttribute('aria-busy');
    }
  }

  /** Opens or closes a branch, fetching its children the first time. */
  async toggle(node, open = !this.model.open.has(node.id)) {
    if (!node.has_children || open === (this.model.open.has(node.id) && Boolean(node.children))) return;
    if (open && !node.children && !(await this.loadChildren(node))) return;
    this.selection.hold(() => {
      if (open) this.model.open.add(node.id);
      else this.model.open.delete(node.id);
      this.model.arrange();
    });
    this.say(`${node.name} ${open ? 'opened' : 'closed'}`);
  }

  /** Reads the children of a branch, the first time or again; false where they did not come. */
  async loadChildren(node) {
    this.say(`Loading ${node.name} …`);
    const answer = await this.#fetched(node.id);
    if (!answer || this.model.nodes.get(node.id) !== node) return false;
    this.selection.hold(() => this.model.take(answer, node.id));
    this.sync.layPreview();
    return true;
  }

  /** Opens everything above a level and closes what is below; of a large plan, branch by branch as they come into sight. */
  async showLevel(level) {
    this.model.open.clear();
    this.levelShown = level;
    await this.load(level);
    await this.openVisible();
  }

  async openVisible() {
    if (this.isOpening || !this.levelShown) return;
    this.isOpening = true;
    const shut = ({ node }) => node.level < this.levelShown && node.has_children && !node.children;
    for (let next = this.view.inSight().find(shut); next; next = this.view.inSight().find(shut)) {
      if (!(await this.loadChildren(next.node))) break;
    }
    this.isOpening = false;
  }

  /** Reads again what is on the screen, after somebody else changed it. */
  async reload() {
    const branches = this.model.expanded();
    await this.load();
    for (const id of branches) {
      const node = this.model.nodes.get(id);
      if (node && !node.children) await this.toggle(node, true);
    }
  }

  async setUnit(unit) {
    this.scope.unit = unit;
    this.tools.pressUnit(unit);
    await this.reload();
    this.chart.refresh();
  }

  setAttention(on) {
    this.scope.attention = this.model.onlyAttention = on;
    return this.load();
  }

  arrange(change) {
    this.selection.hold(() => {
      change(this.model);
      this.model.arrange();
    });
  }

  /* ---- changing ---- */

  /** changes: [{row, column, operation, value}]. One action: saved, undone and answered as a whole. */
  change(changes, label, note = '') {
    const open = changes.filter(({ row, column }) => this.model.canEdit(row, column));
    const skipped = changes.length - open.length;
    const edits = open.filter(change => this.#isNew(change)).map(change => this.#editOf(change));
    for (const { node, measure, column } of open.map(({ row, column }) => ({ node: row.node.id, measure: row.measure.key, column }))) {
      this.model.changed.add(cellKey(node, measure, column));
    }
    this.say([`${edits.length} cell${edits.length === 1 ? '' : 's'} changed`, skipped && `${skipped} locked left as they were`, note].filter(Boolean).join(', '));
    if (edits.length) this.sync.add({ kind: 'edit', label: this.#nameOf(label, edits), edits, ...this.#context() });
    this.view.repaint();
    this.selection.show();
  }

  /** How undo will name this action: the cell, or what was done to how many. */
  #nameOf(label, edits) {
    const [{ node, measure, month }] = edits;
    if (edits.length > 1) return `${label} of ${edits.length} cells`;
    return `${this.model.nodes.get(node).name}, ${this.model.measureOf.get(measure).label}, ${monthLabel(month)}`;
  }

  #isNew({ row, column, operation, value }) {
    const present = this.model.value(row, column);
    return value === null ? present !== null : applied(operation, value, present) !== present;
  }

  #editOf({ row, column, operation, value }) {
    return { node: row.node.id, measure: row.measure.key, month: this.model.months[column], operation, value };
  }

  #context() {
    return { unit: this.scope.unit, filters: { ...this.scope.filters } };
  }

  paste(cells) {
    const { changes, left, reach } = changesOf(this, cells);
    const notes = [left.text && `${left.text} without a number left out`, left.beyond && `${left.beyond} beyond the grid left out`].filter(Boolean);
    if (!changes.length) {
      this.say(['Nothing to paste', ...notes].join(', '), 'warn');
      return;
    }
    this.change(changes, 'paste', notes.join(', '));
    this.selection.choose(reach);
  }

  /** Ctrl+D and Ctrl+R: the first row, or the first column, into all that is chosen. */
  fill(direction, source = this.selection.range(), reach = this.selection.range()) {
    const { model } = this;
    const changes = [];
    for (let row = reach.top; row <= reach.bottom; row += 1) {
      for (let column = reach.left; column <= reach.right; column += 1) {
        const from = direction === 'down' ? { row: source.top, column } : { row, column: source.left };
        if (row === from.row && column === from.column) continue;
        const value = model.value(model.rows[from.row], from.column);
        if (value !== null) changes.push({ row: model.rows[row], column, operation: 'set', value });
      }
    }
    this.change(changes, 'fill');
  }

  /** The handle was pulled from one block to a larger one. */
  fillFromHandle() {
    const source = this.fillFrom;
    const { head } = this.selection;
    const down = Math.max(0, head.row - source.bottom);
    const right = Math.max(0, head.column - source.right);
    const reach = down >= right ? { ...source, bottom: source.bottom + down } : { ...source, right: source.right + right };
    this.selection.choose(reach);
    if (down || right) this.fill(down >= right ? 'down' : 'right', source, reach);
  }

  clearCells() {
    if (!this.config.clearable) return;
    this.change(this.selection.cells().map(cell => ({ ...cell, operation: 'set', value: null })), 'clear');
  }

  async undo() {
    this.finish(await this.history.undo(this.#context()));
  }

  async redo() {
    this.finish(await this.history.redo(this.#context()));
  }

  /** Draws what has changed and says what happened. */
  finish(words) {
    if (words) this.say(words);
    this.view.repaint();
    this.selection.show();
  }

  /* ---- telling ---- */

  #onSelect() {
    const row = this.selection.row();
    this.tools.showSelection();
    if (!row) return;
    this.chart.show(row.node);
    this.tell('select', { node: row.node.id, measure: row.measure.key, month: this.model.months[this.selection.cursor.column] });
  }

  /** Lets the page around the grid know. */
  tell(name, detail) {
    this.root.dispatchEvent(new CustomEvent(`plan-grid:${name}`, { bubbles: true, detail }));
  }

  say(words, tone = '') {
    this.tools.say(words, tone);
  }

  openCell() {
    this.panel.open();
  }

  showKeys() {
    showKeys().then(() => this.view.table.focus({ preventScroll: true }));
  }
}

async function mount(root) {
  root.planGrid = new PlanGrid(root);
  await root.planGrid.load();
  const kept = root.planGrid.sync.restore();
  if (kept) root.planGrid.say(`${kept} change${kept > 1 ? 's' : ''} from before kept and sent now`, 'warn');
}

function mountAll() {
  for (const root of document.querySelectorAll('[data-plan-grid]')) {
    if (!root.planGrid) mount(root);
  }
}

mountAll();
document.addEventListener('htmx:load', mountAll);
