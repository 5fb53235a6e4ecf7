/* Cells and whole rows that nobody may change: locked and opened again. A row is locked for all of its measures and months. */
import { Refusal, requestJson } from '../http.js';
import { notify } from '../notices.js';

export class Locks {
  constructor(grid, url) {
    Object.assign(this, { grid, url });
  }

  /** The chosen input cells; they are opened where all of them are locked already. */
  toggleCells() {
    const { model, selection } = this.grid;
    const chosen = selection.cells().filter(({ row, column }) => row.measure.editable && column >= Math.max(model.firstPlan, model.fence));
    if (!chosen.length) {
      this.grid.say('Choose cells that are entered and lie beyond the time fence.', 'warn');
      return;
    }
    const locked = chosen.some(({ row, column }) => !row.node.lockedAt.has(column));
    this.#send({ cells: chosen.map(({ row, column }) => ({ node: row.node.id, month: model.months[column] })), locked });
  }

  /** The items of the chosen rows. */
  toggleRows() {
    const { top, bottom } = this.grid.selection.range();
    const nodes = new Set(this.grid.model.rows.slice(top, bottom + 1).map(row => row.node));
    const locked = [...nodes].some(node => !node.row_locked);
    this.#send({ rows: [...nodes].map(node => node.id), locked });
  }

  async #send(what) {
    if (!this.url) return;
    const { grid } = this;
    const body = { ...what, unit: grid.scope.unit, filters: grid.scope.filters, expanded: grid.model.expanded() };
    try {
      const answer = await requestJson(this.url, body);
      grid.model.merge(answer.nodes ?? [], answer.rev);
      grid.finish(answer.message);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notify(error.message, 'bad');
    }
  }
}
