/*
 * What the grid knows: months, measures, nodes as a tree, which branches are open, and the rows this makes.
 * Values are what the server said; a preview of edits on their way lies over them and never mixes with them.
 */

export const cellKey = (nodeId, measure, column) => `${nodeId}|${measure}|${column}`;

export class Model {
  constructor({ hidden = [] } = {}) {
    this.hidden = new Set(hidden);
    this.onlyInputs = false;
    this.onlyAttention = false;
    this.preview = new Map();
    this.changed = new Set();
    this.conflicts = new Map();
    this.clear();
  }

  clear() {
    this.nodes = new Map();
    this.roots = [];
    this.open = new Set();
    this.rows = [];
  }

  get isLoaded() {
    return this.nodes.size > 0;
  }

  /* ---- what the server sends ---- */

  /** A whole tree (parent "") or the children of one branch. */
  take(answer, parent = '') {
    const keptOpen = parent === '' ? new Set(this.open) : null;
    if (parent === '') {
      this.clear();
      Object.assign(this, { months: answer.months, firstPlan: answer.first_plan_index, fence: answer.fence_index, unit: answer.unit });
      this.measures = answer.measures;
      this.measureOf = new Map(answer.measures.map(measure => [measure.key, measure]));
    } else if (this.nodes.has(parent)) {
      this.nodes.get(parent).children = [];
    }
    this.rev = answer.rev ?? this.rev;
    this.attentionTotal = answer.attention_count ?? this.attentionTotal;
    for (const node of answer.nodes) this.#add(node);
    this.#openWhatCame(answer.nodes, keptOpen);
    if (parent !== '') this.open.add(parent);
    this.arrange();
  }

  #add(sent) {
    const node = { ...sent, values: { ...sent.values }, children: null };
    this.#mark(node, sent);
    this.nodes.set(node.id, node);
    const above = this.nodes.get(node.parent);
    if (!above) this.roots.push(node.id);
    else (above.children ??= []).push(node.id);
  }

  #mark(node, sent) {
    if (sent.locked || !node.lockedAt) node.lockedAt = new Set(sent.locked ?? []);
    if (sent.locked_in_part || !node.lockedInPart) node.lockedInPart = new Set(sent.locked_in_part ?? []);
    if (sent.comments || !node.commentsAt) node.commentsAt = new Map((sent.comments ?? []).map(([measure, column, count]) => [`${measure}|${column}`, count]));
    if (sent.attention || !node.attentionAt) node.attentionAt = new Set((sent.attention ?? []).map(([measure, column]) => `${measure}|${column}`));
    if (sent.own || !node.ownAt) node.ownAt = new Set((sent.own ?? []).map(([measure, column]) => `${measure}|${column}`));
  }

  /** Branches whose children came along stand open, unless the person had shut them. */
  #openWhatCame(sent, keptOpen) {
    for (const { id } of sent) {
      const node = this.nodes.get(id);
      if (node.children?.length && (!keptOpen || keptOpen.size === 0 || keptOpen.has(id))) this.open.add(id);
    }
  }

  /** Nodes after an edit: only what is sent replaces what is known. */
  merge(nodes, rev) {
    this.rev = rev ?? this.rev;
    for (const sent of nodes) {
      const node = this.nodes.get(sent.id);
      if (!node) continue;
      Object.assign(node.values, sent.values);
      for (const field of ['flags', 'reviewed', 'name', 'has_children', 'row_locked']) if (sent[field] !== undefined) node[field] = sent[field];
      this.#mark(node, sent);
    }
  }

  /* ---- rows ---- */

  visibleMeasures() {
    return this.measures.filter(measure => (this.onlyInputs ? measure.editable : !this.hidden.has(measure.key)));
  }

  /** Rebuilds the list of rows from what is open and what is asked for. */
  arrange() {
    const measures = this.visibleMeasures();
    const wanted = this.onlyAttention ? this.#nodesToLookAt() : null;
    this.rows = [];
    const walk = ids => {
      for (const id of ids) {
        const node = this.nodes.get(id);
        if (wanted && !wanted.has(id)) continue;
        measures.forEach((measure, place) => this.rows.push({ node, measure, first: place === 0 }));
        if (this.open.has(id) && node.children) walk(node.children);
      }
    };
    walk(this.roots);
  }

  #nodesToLookAt() {
    const wanted = new Set();
    for (const node of this.nodes.values()) {
      if (!node.flags?.includes('attention')) continue;
      for (let above = node; above; above = this.nodes.get(above.parent)) wanted.add(above.id);
    }
    return wanted;
  }

  /** How many need a look: the server knows all, the grid only those on the screen. */
  attentionCount() {
    return this.attentionTotal ?? [...this.nodes.values()].filter(node => node.flags?.includes('attention') && !this.#childNeedsIt(node)).length;
  }

  #childNeedsIt(node) {
    return (node.children ?? []).some(id => this.nodes.get(id).flags?.includes('attention'));
  }

  rowIndex(nodeId, measureKey) {
    return this.rows.findIndex(row => row.node.id === nodeId && row.measure.key === measureKey);
  }

  /** Branches on the screen whose children are known. */
  expanded() {
    return [...this.open].filter(id => this.nodes.get(id)?.children);
  }

  pathOf(node) {
    const names = [];
    for (let above = this.nodes.get(node.parent); above; above = this.nodes.get(above.parent)) names.unshift(above.name);
    return names;
  }

  /* ---- cells ---- */

  truth(nodeId, measureKey, column) {
    return this.nodes.get(nodeId)?.values[measureKey]?.[column] ?? null;
  }

  value(row, column) {
    return this.valueOf(row.node, row.measure.key, column);
  }

  valueOf(node, measureKey, column) {
    if (this.preview.size) {
      const shown = this.preview.get(cellKey(node.id, measureKey, column));
      if (shown !== undefined) return shown;
    }
    return node.values[measureKey]?.[column] ?? null;
  }

  canEdit(row, column) {
    return Boolean(row.measure.editable) && column >= this.firstPlan && !row.node.lockedAt.has(column);
  }

  /** Why a cell cannot be changed; empty if it can. */
  whyLocked(row, column) {
    if (column < this.firstPlan) return 'This month is past.';
    if (!row.measure.editable) return `${row.measure.label} is worked out, not entered.`;
    if (!row.node.lockedAt.has(column)) return '';
    if (column < this.fence) return 'Inside the time fence, locked.';
    return row.node.row_locked ? 'The row is locked.' : 'Locked.';
  }

  commentsAt(row, column) {
    return row.node.commentsAt.get(`${row.measure.key}|${column}`) ?? 0;
  }

  needsAttention(row, column) {
    return row.node.attentionAt.has(`${row.measure.key}|${column}`);
  }

  isOwn(row, column) {
    return row.node.ownAt.has(`${row.measure.key}|${column}`);
  }
}
