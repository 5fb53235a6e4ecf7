/* What an edit will probably do, shown until the server has answered: the cell, what is above it, and its children in proportion. */
import { cellKey } from './model.js';
import { applied, spread } from './numbers.js';

/** Lays the edits over the model's values, in their order. */
export function layOver(model, edits) {
  for (const edit of edits) {
    const node = model.nodes.get(edit.node);
    const column = model.months?.indexOf(edit.month) ?? -1;
    if (node && column >= 0) layOne(model, node, edit, column);
  }
}

function layOne(model, node, { measure, operation, value }, column) {
  const before = model.valueOf(node, measure, column);
  if (value === null) return;
  const after = Math.round(applied(operation, value, before) * 100) / 100;
  put(model, node.id, measure, column, after);
  raiseAbove(model, node, measure, column, after - (before ?? 0));
  spreadBelow(model, node, measure, column, after);
}

function put(model, id, measure, column, value) {
  model.preview.set(cellKey(id, measure, column), value);
}

function raiseAbove(model, node, measure, column, difference) {
  for (let above = model.nodes.get(node.parent); above; above = model.nodes.get(above.parent)) {
    put(model, above.id, measure, column, (model.valueOf(above, measure, column) ?? 0) + difference);
  }
}

function spreadBelow(model, node, measure, column, total) {
  if (!node.children?.length) return;
  const children = node.children.map(id => model.nodes.get(id));
  const parts = spread(total, children.map(child => model.valueOf(child, measure, column) ?? 0));
  children.forEach((child, place) => {
    put(model, child.id, measure, column, parts[place]);
    spreadBelow(model, child, measure, column, parts[place]);
  });
}
