"""A small plan in memory behind the planning grid's contract (docs/ui.md); tests change and break it."""

import math
from dataclasses import dataclass, field
from typing import Any

MONTHS = [f"2026-{month:02d}" for month in range(7, 13)] + [f"2027-{month:02d}" for month in range(1, 13)]
FIRST_PLAN, FENCE = 4, 6
FAMILIES = {
    "Coffee": ["Espresso", "Filter", "Decaf"],
    "Tea": ["Breakfast", "Sencha"],
    "Cocoa": ["Drinking cocoa"],
}
MARKETS = ["Germany", "France"]
MEASURES = [
    {"key": "history", "label": "History", "editable": False, "colour": "history"},
    {"key": "baseline", "label": "Baseline", "editable": False, "colour": "baseline"},
    {"key": "marketing", "label": "Marketing", "editable": True, "colour": "marketing"},
    {"key": "sales", "label": "Sales input", "editable": True, "colour": "sales"},
    {"key": "consensus", "label": "Consensus", "editable": False, "colour": "consensus"},
]
Answer = tuple[int, dict[str, Any]]


@dataclass
class Node:
    id: str
    parent: str
    level: int
    name: str
    children: list[str] = field(default_factory=list)


def spread(total: float, weights: list[float]) -> list[float]:
    """Whole parts that add up to the total, largest remainder first."""
    exact = [total * weight / sum(weights) if sum(weights) else total / len(weights) for weight in weights]
    whole = [math.floor(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in order[: round(total - sum(whole))]:
        whole[place] += 1
    return [float(part) for part in whole]


class FakePlan:
    """Leaves hold the values; everything above is a sum. Units and money differ by a price of 2."""

    def __init__(self, *, products_per_family: int | None = None) -> None:
        self.nodes: dict[str, Node] = {}
        self.values: dict[tuple[str, str], list[float | None]] = {}
        self.history: dict[str, list[tuple[str, str, int, float | None]]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.comments: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        self.locked: set[tuple[str, int]] = set()
        self.rev = 1
        self.down = False
        self.reason_above: float | None = None
        self.refusal: Answer | None = None
        self._grow(products_per_family)

    def _grow(self, products_per_family: int | None) -> None:
        self._add(Node("all", "", 0, "All products"))
        seed = 0
        for family, products in FAMILIES.items():
            self._add(Node(f"family:{family}", "all", 1, family))
            names = (
                products
                if products_per_family is None
                else [f"{family} {n}" for n in range(products_per_family)]
            )
            for product in names:
                self._add(Node(f"product:{product}", f"family:{family}", 2, product))
                for market in MARKETS:
                    seed += 1
                    leaf = f"stream:{product}:{market}"
                    self._add(Node(leaf, f"product:{product}", 3, market))
                    self._fill(leaf, 100 + 10 * (seed % 37))

    def _add(self, node: Node) -> None:
        self.nodes[node.id] = node
        if node.parent:
            self.nodes[node.parent].children.append(node.id)

    def _fill(self, leaf: str, size: float) -> None:
        plan = [size + month if month >= FIRST_PLAN else None for month in range(len(MONTHS))]
        self.values[leaf, "history"] = [
            size - 5 if month < FIRST_PLAN else None for month in range(len(MONTHS))
        ]
        for measure in ("baseline", "marketing", "sales", "consensus"):
            self.values[leaf, measure] = list(plan)

    # ---- reading ----

    def leaves(self, node_id: str) -> list[str]:
        children = self.nodes[node_id].children
        return [leaf for child in children for leaf in self.leaves(child)] if children else [node_id]

    def value(self, node_id: str, measure: str, month: str | int) -> float | None:
        column = month if isinstance(month, int) else MONTHS.index(month)
        known = [self.values[leaf, measure][column] for leaf in self.leaves(node_id)]
        return None if all(value is None for value in known) else sum(value or 0 for value in known)

    def _shown(self, node_id: str, unit: str) -> dict[str, Any]:
        node, price = self.nodes[node_id], 2 if unit == "money" else 1
        rows = {
            m["key"]: [
                None if (v := self.value(node_id, m["key"], c)) is None else v * price
                for c in range(len(MONTHS))
            ]
            for m in MEASURES
        }
        comments = [
            [measure, MONTHS.index(month), len(told)]
            for (at, measure, month), told in self.comments.items()
            if at == node_id
        ]
        return {
            "id": node_id,
            "parent": node.parent,
            "level": node.level,
            "name": node.name,
            "code": node.name[:3].upper(),
            "has_children": bool(node.children),
            "flags": ["attention"] if node.name == "Espresso" else [],
            "values": rows,
            "locked": [4, 5, *(c for at, c in self.locked if at == node_id)],
            "comments": comments,
            "attention": [["sales", 8]] if node.name == "Espresso" else [],
        }

    def tree(self, parent: str, depth: int, unit: str) -> dict[str, Any]:
        starts = self.nodes[parent].children if parent else ["all"]
        nodes: list[dict[str, Any]] = []

        def walk(node_id: str, left: int) -> None:
            nodes.append(self._shown(node_id, unit))
            for child in self.nodes[node_id].children if left > 0 else []:
                walk(child, left - 1)

        for start in starts:
            walk(start, depth if not parent else 0)
        return {
            "months": MONTHS,
            "first_plan_index": FIRST_PLAN,
            "fence_index": FENCE,
            "measures": MEASURES,
            "unit": unit,
            "rev": self.rev,
            "nodes": nodes,
        }

    # ---- writing ----

    def edit(self, body: dict[str, Any]) -> Answer:
        if self.refusal:
            return self.refusal
        if body["action_id"] in self.answers:
            return 200, self.answers[body["action_id"]]
        conflicts = [found for edit in body["edits"] if (found := self._conflict(edit, body["unit"]))]
        if conflicts:
            return 409, {"message": "Jonas Becker changed one of these cells.", "conflicts": conflicts}
        if self.reason_above is not None and not body["reason"] and self._largest(body) > self.reason_above:
            return 422, {"reason_required": True, "message": "This is more than 10 % against the last plan."}
        return self._apply(body)

    def _conflict(self, edit: dict[str, Any], unit: str) -> dict[str, Any] | None:
        now = self.value(edit["node"], edit["measure"], edit["month"])
        shown = None if now is None else now * (2 if unit == "money" else 1)
        if shown == edit["seen"]:
            return None
        place = {key: edit[key] for key in ("node", "measure", "month", "seen")}
        return {**place, "now": shown, "by": "Jonas Becker", "at": "14:02"}

    @staticmethod
    def _largest(body: dict[str, Any]) -> float:
        return max(abs(edit["value"]) for edit in body["edits"])

    def _apply(self, body: dict[str, Any]) -> Answer:
        change_id = f"change-{len(self.history) + 1}"
        self.history[change_id] = []
        price = 2 if body["unit"] == "money" else 1
        for edit in body["edits"]:
            self._write(change_id, edit, price)
        answer = self._answer(change_id, body, f"{len(self.history[change_id])} cells changed")
        self.answers[body["action_id"]] = answer
        return 200, answer

    def _write(self, change_id: str, edit: dict[str, Any], price: float) -> None:
        column, leaves = MONTHS.index(edit["month"]), self.leaves(edit["node"])
        present = [self.values[leaf, edit["measure"]][column] or 0 for leaf in leaves]
        operations = {
            "set": lambda old: edit["value"] / price,
            "add": lambda old: old + edit["value"] / price,
            "multiply": lambda old: old * edit["value"],
        }
        total = round(operations[edit["operation"]](sum(present)))
        for leaf, part in zip(leaves, spread(total, present), strict=True):
            self.put(leaf, edit["measure"], column, part, change_id)

    def put(
        self, leaf: str, measure: str, column: int, value: float | None, change_id: str = "other"
    ) -> None:
        """One leaf's cell; the consensus follows the sales input."""
        old = self.values[leaf, measure][column]
        self.history.setdefault(change_id, []).append((leaf, measure, column, old))
        self.values[leaf, measure][column] = value
        if measure == "sales":
            self.values[leaf, "consensus"][column] = value

    def undo(self, body: dict[str, Any]) -> Answer:
        if body["action_id"] in self.answers:
            return 200, self.answers[body["action_id"]]
        change_id = f"change-{len(self.history) + 1}"
        for undone in body["change_ids"]:
            for leaf, measure, column, old in reversed(self.history[undone]):
                self.put(leaf, measure, column, old, change_id)
        self.answers[body["action_id"]] = answer = self._answer(change_id, body, "Undone")
        return 200, answer

    def _answer(self, change_id: str, body: dict[str, Any], message: str) -> dict[str, Any]:
        self.rev += 1
        touched = {leaf for leaf, *_ in self.history[change_id]}
        nodes = [node for node in self.nodes if touched & set(self.leaves(node))]
        return {
            "change_ids": [change_id],
            "rev": self.rev,
            "message": message,
            "nodes": [self._shown(node, body["unit"]) for node in nodes],
        }

    def lock(self, body: dict[str, Any]) -> Answer:
        cells = {(cell["node"], MONTHS.index(cell["month"])) for cell in body["cells"]}
        self.locked = self.locked | cells if body["locked"] else self.locked - cells
        nodes = [self._shown(node, "units") for node in dict.fromkeys(at for at, _ in cells)]
        return 200, {
            "message": f"{len(cells)} cells {'locked' if body['locked'] else 'unlocked'}",
            "rev": self.rev,
            "nodes": nodes,
        }

    # ---- one cell ----

    def cell(self, node: str, measure: str, month: str, text: str = "") -> Answer:
        told = self.comments.setdefault((node, measure, month), [])
        if text:
            told.append({"by": "Mara Lindqvist", "at": "now", "text": text})
        changes = [
            {
                "by": "Jonas Becker",
                "at": "Yesterday, 16:20",
                "old": 100,
                "new": 120,
                "reason": "Promotion",
                "comment": "Listing",
            }
        ]
        return 200, {
            "comments": told,
            "changes": changes,
            "note": "Your changes here have helped in 7 of 9 months.",
        }
