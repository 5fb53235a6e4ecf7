/* What the grid does with the server's answers to an action: saved, a reason is missing, somebody else was there, refused. */
import { notify } from '../notices.js';
import { askConflicts, askReason } from './dialogs.js';
import { cellKey } from './model.js';
import { applied } from './numbers.js';

export class Answers {
  constructor(grid) {
    this.grid = grid;
    this.open = null; // the conflict that waits for an answer
  }

  #keyOf({ node, measure, month }) {
    return cellKey(node, measure, this.grid.model.months.indexOf(month));
  }

  state() {
    this.grid.view.repaint();
    this.grid.tools.showSaved();
  }

  /* ---- saved ---- */

  applied(action, answer) {
    const { grid } = this;
    grid.history.record(action, answer.change_ids);
    for (const edit of action.edits ?? []) grid.model.conflicts.delete(this.#keyOf(edit));
    const words = { edit: answer.message, undo: `Undone: ${action.label}.`, redo: `Done again: ${action.label}.` };
    grid.say(words[action.kind] || answer.message);
    grid.selection.show();
    grid.chart.refresh();
    grid.tell('saved', { changeIds: answer.change_ids, rev: answer.rev, message: answer.message, kind: action.kind });
    this.#refreshBranches(action, answer);
  }

  /** Open branches below an edited node that the answer did not bring are read again. */
  async #refreshBranches(action, answer) {
    const { model } = this.grid;
    const sent = new Set((answer.nodes ?? []).map(node => node.id));
    for (const id of new Set((action.edits ?? []).map(edit => edit.node))) {
      const node = model.nodes.get(id);
      const isStale = node?.children?.length && model.open.has(id) && !node.children.some(child => sent.has(child));
      if (isStale) await this.grid.loadChildren(node);
    }
  }

  /* ---- why, and refusals ---- */

  async reason(action, body) {
    const given = await askReason(body.message, this.grid.config);
    this.#giveFocusBack();
    if (given) this.grid.sync.sendAgain(action, given);
    else this.#dropped(action, 'Not saved: a reason is needed.');
  }

  refused(action, error) {
    this.#dropped(action, error.message);
    notify(error.message, 'bad');
  }

  #dropped(action, words) {
    for (const edit of action.edits ?? []) this.grid.model.changed.delete(this.#keyOf(edit));
    this.grid.history.giveBack(action);
    this.grid.say(words, 'warn');
    this.grid.view.repaint();
  }

  #giveFocusBack() {
    this.grid.view.table.focus({ preventScroll: true });
  }

  /* ---- mine or theirs ---- */

  async conflict(action, body) {
    this.grid.history.giveBack(action);
    if (action.kind !== 'edit') {
      notify(body.message, 'warn');
      await this.grid.reload();
      return;
    }
    this.open = { action, conflicts: body.conflicts, message: body.message };
    for (const conflict of body.conflicts) this.grid.model.conflicts.set(this.#keyOf(conflict), conflict);
    this.grid.view.repaint();
    await this.resolve();
  }

  /** Asks cell by cell; "later" leaves the cells marked and the question in the status line. */
  async resolve() {
    if (!this.open) return;
    const { action, conflicts, message } = this.open;
    const digits = this.grid.view.digits();
    const choices = await askConflicts(message, conflicts.map(conflict => this.#toldApart(conflict, action)), value => this.grid.format.format(value, digits));
    this.#giveFocusBack();
    if (choices) await this.#settle(action, conflicts, choices);
    this.grid.tools.showSaved();
  }

  /** What is kept is sent again, now knowing the other value; what is given up shows the other value. */
  async #settle(action, conflicts, choices) {
    const { model, sync } = this.grid;
    this.open = null;
    model.conflicts.clear();
    const theirs = new Set(conflicts.filter((_, place) => choices[place] === 'theirs').map(conflict => this.#keyOf(conflict)));
    const now = new Map(conflicts.map(conflict => [this.#keyOf(conflict), conflict.now]));
    const kept = action.edits.filter(edit => !theirs.has(this.#keyOf(edit)));
    const edits = kept.map(edit => (now.has(this.#keyOf(edit)) ? { ...edit, seen: now.get(this.#keyOf(edit)) } : edit));
    for (const key of theirs) model.changed.delete(key);
    // A change of a change is another action: the server must not answer it as it answered the first.
    if (edits.length) sync.sendAgain(action, { id: crypto.randomUUID(), edits });
    await this.grid.reload();
  }

  #toldApart(conflict, action) {
    const { model } = this.grid;
    const edit = action.edits.find(one => this.#keyOf(one) === this.#keyOf(conflict));
    return {
      ...conflict,
      name: model.nodes.get(conflict.node)?.name ?? conflict.node,
      measure: model.measureOf.get(conflict.measure)?.label ?? conflict.measure,
      mine: edit ? applied(edit.operation, edit.value, conflict.seen) : null,
    };
  }
}
