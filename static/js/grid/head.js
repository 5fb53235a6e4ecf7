/* The grid's two head rows: what the months are (past, time fence, plan of a year) and the months themselves. */
import { element } from '../dom.js';
import { monthLabel, shortMonth } from '../chart-kinds.js';

function groupOf(model, column) {
  if (column < model.firstPlan) return 'Past';
  if (column < model.fence) return 'Time fence';
  return `Plan ${model.months[column].slice(0, 4)}`;
}

/** Past, first plan month, inside the fence: as classes of every cell of the column. */
export function columnClass(model, column) {
  if (column < model.firstPlan) return 'past';
  return [column === model.firstPlan && 'today', column < model.fence && 'fenced'].filter(Boolean).join(' ');
}

/** Puts a cell above or below its month. */
export function placed({ frozen, columnWidth }, cell, column, span = 1) {
  cell.style.left = `${frozen + column * columnWidth}px`;
  cell.style.width = `${columnWidth * span}px`;
  return cell;
}

export function groupRow(view) {
  const { model } = view;
  const row = element('div', { class: 'pg-row pg-groups', 'aria-hidden': true }, element('div', { class: 'pg-frozen' }));
  model.months.forEach((_, column) => {
    const name = groupOf(model, column);
    if (column && groupOf(model, column - 1) === name) return;
    let span = 1;
    while (column + span < model.months.length && groupOf(model, column + span) === name) span += 1;
    row.append(placed(view, element('div', { class: `pg-cell ${columnClass(model, column)}` }, element('span', {}, name)), column, span));
  });
  return row;
}

export function headRow(view) {
  const { model, config } = view;
  const frozen = element('div', { class: 'pg-frozen', role: 'presentation' },
    element('div', { class: 'pg-label', role: 'columnheader', 'aria-colindex': 1 }, config.corner ?? 'Item'),
    element('div', { class: 'pg-measure', role: 'columnheader', 'aria-colindex': 2 }, 'Measure'));
  const row = element('div', { class: 'pg-row', role: 'row', 'aria-rowindex': 1 }, frozen);
  model.months.forEach((month, column) => {
    const attributes = { class: `pg-cell ${columnClass(model, column)}`, role: 'columnheader', 'aria-colindex': column + 3, 'aria-label': monthLabel(month) };
    row.append(placed(view, element('div', attributes, shortMonth(month)), column));
  });
  return row;
}
