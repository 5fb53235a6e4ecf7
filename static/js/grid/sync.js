/*
 * Sends the actions one after the other and keeps what could not be sent. An action carries its own id, so sending it twice
 * changes nothing twice; what the person saw of each cell goes along, so that a change by somebody else is noticed.
 */
import { Refusal, requestJson } from '../http.js';
import { layOver } from './preview.js';

const RETRY_MS = [2000, 4000, 8000, 15000, 30000];

export class Sync {
  /** `on` holds: applied(action, answer), conflict(action, body), reason(action, body), refused(action, error), state(). */
  constructor(model, urls, scope, on) {
    Object.assign(this, { model, urls, scope, on, waiting: [], isSending: false, tries: 0, isOffline: false });
    this.storeKey = `plan-grid ${urls.edit} ${document.documentElement.dataset.person ?? ''}`;
    addEventListener('online', () => this.retry());
    addEventListener('beforeunload', event => {
      if (this.waiting.length) event.preventDefault();
    });
  }

  /* ---- reading ---- */

  fetch(parent = '', depth) {
    const query = new URLSearchParams({ parent, unit: this.scope.unit, ...this.scope.filters });
    if (depth !== undefined) query.set('depth', depth);
    if (this.scope.attention) query.set('attention', '1');
    return requestJson(`${this.urls.src}${this.urls.src.includes('?') ? '&' : '?'}${query}`);
  }

  /* ---- writing ---- */

  /** An action is {id, kind: "edit"|"undo"|"redo", label, edits or changeIds, reason, comment, assumption}. */
  add(action) {
    this.waiting.push({ id: crypto.randomUUID(), reason: null, comment: '', assumption: null, ...action });
    this.#changed();
    this.retry();
  }

  /** Takes back the last action that has not left yet; false where there is none. */
  dropLast() {
    const last = this.waiting.length - 1;
    if (last < (this.isSending ? 1 : 0) || this.waiting[last].kind !== 'edit') return false;
    this.waiting.pop();
    this.#changed();
    return true;
  }

  /** Nothing is under way any more. */
  async idle() {
    while (this.isSending) await this.sending;
  }

  retry() {
    clearTimeout(this.timer);
    if (!this.isSending) this.sending = this.#sendAll();
  }

  async #sendAll() {
    this.isSending = true;
    while (this.waiting.length && (await this.#sendFirst()));
    this.isSending = false;
    this.on.state();
  }

  /** True when the next one may follow. */
  async #sendFirst() {
    const [action] = this.waiting;
    this.on.state();
    try {
      const answer = await requestJson(action.kind === 'edit' ? this.urls.edit : this.urls.undo, this.#bodyOf(action));
      this.#settled(action);
      this.model.merge(answer.nodes ?? [], answer.rev);
      this.on.applied(action, answer);
      this.#changed();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#onRefusal(action, error);
    }
  }

  #bodyOf(action) {
    const shared = { action_id: action.id, unit: action.unit, filters: action.filters, expanded: this.model.expanded() };
    if (action.kind !== 'edit') return { ...shared, change_ids: action.changeIds };
    const { reason, comment, assumption } = action;
    return { ...shared, reason, comment, assumption, edits: action.edits.map(edit => ({ ...edit, seen: this.#seen(edit) })) };
  }

  /** What the server last told of this cell: earlier actions of one's own are no surprise. */
  #seen(edit) {
    if ('seen' in edit) return edit.seen;
    return this.model.truth(edit.node, edit.measure, this.model.months.indexOf(edit.month));
  }

  #settled(action) {
    this.waiting = this.waiting.filter(other => other !== action);
    this.tries = 0;
    this.isOffline = false;
  }

  async #onRefusal(action, error) {
    // Signed out counts like offline: the edits are kept until the person has signed in again in another tab.
    if (error.isTemporary || error.status === 401) return this.#keep(error);
    this.#settled(action);
    this.#changed();
    if (error.status === 409 && error.body.conflicts) await this.on.conflict(action, error.body);
    else if (error.status === 422 && error.body.reason_required) await this.on.reason(action, error.body);
    else this.on.refused(action, error);
    return true;
  }

  #keep(error) {
    this.isOffline = true;
    this.trouble = error.message;
    this.timer = setTimeout(() => this.retry(), RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
    this.tries += 1;
    return false;
  }

  /** Puts an action back in front, for instance with its reason. */
  sendAgain(action, changes) {
    this.waiting.unshift({ ...action, ...changes });
    this.#changed();
    this.retry();
  }

  /* ---- what is on its way ---- */

  #changed() {
    this.layPreview();
    this.#store();
    this.on.state();
  }

  layPreview() {
    this.model.preview.clear();
    for (const action of this.waiting) {
      if (action.kind === 'edit' && action.unit === this.scope.unit) layOver(this.model, action.edits);
    }
  }

  #store() {
    if (this.waiting.length) sessionStorage.setItem(this.storeKey, JSON.stringify(this.waiting));
    else sessionStorage.removeItem(this.storeKey);
  }

  /** Actions that an earlier view of this page could not send. */
  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.storeKey) ?? '[]');
    this.waiting.unshift(...kept);
    if (kept.length) {
      this.#changed();
      this.retry();
    }
    return kept.length;
  }
}
