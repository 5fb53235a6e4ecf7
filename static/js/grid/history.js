/* Undo and redo of whole actions, by the ids under which the server keeps them. */

export class History {
  constructor(sync) {
    Object.assign(this, { sync, done: [], undone: [] });
  }

  /** After the server has stored an action. */
  record(action, changeIds) {
    if (!changeIds?.length) return;
    const step = { changeIds, label: action.label };
    if (action.kind === 'undo') this.undone.push(step);
    else this.done.push(step);
    if (action.kind === 'edit') this.undone = [];
  }

  /** Takes back the last action; one that has not been sent yet just goes. Returns what it did, in words. */
  async undo(context) {
    if (this.sync.dropLast()) return 'Taken back before it was sent.';
    await this.sync.idle();
    return this.#send('undo', this.done, context);
  }

  async redo(context) {
    await this.sync.idle();
    return this.#send('redo', this.undone, context);
  }

  #send(kind, steps, context) {
    const step = steps.pop();
    if (!step) return kind === 'undo' ? 'Nothing to undo.' : 'Nothing to redo.';
    this.sync.add({ kind, label: step.label, changeIds: step.changeIds, step, ...context });
    return '';
  }

  /** An undo that was refused stays possible. */
  giveBack(action) {
    if (action.kind === 'undo') this.done.push(action.step);
    if (action.kind === 'redo') this.undone.push(action.step);
  }
}
