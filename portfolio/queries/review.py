"""What the product review shows: launches by gate, phase-outs, and the classes of the rest."""

from dataclasses import dataclass
from typing import Any

from cycles.choices import StageKind
from cycles.models import Cycle, Stage
from cycles.queries import stage_of
from portfolio.choices import LaunchBasis, LaunchGate
from portfolio.models import Launch, PhaseOut
from portfolio.queries.shapes import PortfolioEffect, ProductStock
from portfolio.queries.valuation import standard_cost_map
from portfolio.registry import EFFECTS, STOCK, figures_of
from sop.periods import months_between


@dataclass(frozen=True)
class LaunchCard:
    """A launch with its first twelve months (units, money, margin) and what it does to other products."""

    launch: Launch
    units: float
    money: float
    margin: float
    moved: float
    moved_money: float
    moved_margin: float
    problems: list[str]

    @property
    def net_units(self) -> float:
        return self.units + self.moved

    @property
    def net_money(self) -> float:
        """Revenue that is really new: its own, less what it takes, plus what it adds elsewhere."""
        return self.money + self.moved_money

    @property
    def net_margin(self) -> float:
        return self.margin + self.moved_margin


@dataclass(frozen=True)
class PhaseOutRow:
    """A phase-out: what still sells until its end, what is there and coming, and what that leaves.

    Money is major units at standard cost; the write-off is what salvage does not bring back.
    """

    phase_out: PhaseOut
    sells: float
    stock: float | None
    coming: float
    left: float | None
    left_value: float | None
    write_off: float | None
    bars: list[float]
    problems: list[str]

    @property
    def advice(self) -> str:
        if self.stock is None:
            return "Enter the stock to sell, to see what is left over."
        if not self.left:
            return "Nothing is left over."
        cancel = min(self.coming, self.left)
        rest = self.left - cancel
        words = [f"Cancel {cancel:,.0f} of what is coming"] if cancel else []
        if rest:
            words.append(f"sell {rest:,.0f} more units before the end")
        text = ", and ".join(words)
        return f"{text[0].upper()}{text[1:]}."


def product_stage(cycle: Cycle) -> Stage:
    return stage_of(cycle, StageKind.PRODUCT)


def effects_of(cycle: Cycle) -> list[PortfolioEffect]:
    found: list[PortfolioEffect] = figures_of(EFFECTS, cycle, [])
    return found


def launch_cards(cycle: Cycle, effects: list[PortfolioEffect]) -> list[LaunchCard]:
    """Every launch that is not dropped, by month."""
    launches = (
        Launch.objects.filter(is_dropped=False)
        .select_related("product__family", "owner")
        .prefetch_related("references__product", "influences__product", "gate_decisions__by")
        .order_by("month", "product__code")
    )
    return [_card(launch, cycle, effects) for launch in launches]


def _card(launch: Launch, cycle: Cycle, effects: list[PortfolioEffect]) -> LaunchCard:
    """The year is that of the launch itself, also for what it does to others."""
    own = launch_effect(effects, launch.product.code, "own")
    others = [launch_effect(effects, launch.product.code, role) for role in ("takes", "lifts")]
    units, money, margin = own.year_from(own.start) if own else (0.0, 0.0, 0.0)
    moved = [other.year_from(own.start) for other in others if own and other]
    return LaunchCard(
        launch,
        units,
        money,
        margin,
        sum(year[0] for year in moved),
        sum(year[1] for year in moved),
        sum(year[2] for year in moved),
        launch_problems(launch, cycle),
    )


def launch_effect(effects: list[PortfolioEffect], code: str, role: str) -> PortfolioEffect | None:
    """What a launch does in one role; None where nothing."""
    key = ("launch", code, role)
    return next((one for one in effects if (one.source, one.code, one.role) == key), None)


def launch_problems(launch: Launch, cycle: Cycle) -> list[str]:
    """What a launch inside the plan still lacks; one on hold waits for its next verdict instead."""
    if launch.is_held or not 0 <= months_between(cycle.month, launch.month) < cycle.horizon_months:
        return []
    problems = []
    if launch.owner_id is None:
        problems.append("no owner")
    if not launch.has_figures:
        problems.append(
            "no like product" if launch.basis in LaunchBasis.with_references() else "no volume stated"
        )
    return problems


def gates(cards: list[LaunchCard]) -> list[dict[str, Any]]:
    """The pipeline: each gate with its launches and their money."""
    columns = []
    for gate in LaunchGate:
        inside = [card for card in cards if card.launch.gate == gate]
        columns.append(
            {
                "gate": gate,
                "cards": inside,
                "money": sum(card.money for card in inside),
                "planned": gate in LaunchGate.planned(),
            }
        )
    return columns


def phase_out_rows(cycle: Cycle, effects: list[PortfolioEffect]) -> list[PhaseOutRow]:
    """Every phase-out that is not dropped, by its end."""
    stock, costs = stock_of(cycle), standard_cost_map()
    rows = PhaseOut.objects.filter(is_dropped=False).select_related("product__family", "successor", "owner")
    return [_row(one, cycle, effects, stock, costs) for one in rows.order_by("end_month", "product__code")]


def stock_of(cycle: Cycle) -> dict[int, ProductStock]:
    """Finished stock on hand and coming, by product; empty where no stock is kept."""
    found: dict[int, ProductStock] = figures_of(STOCK, cycle, {})
    return found


def run_out(
    on_hand: float, coming: float, remaining: float, cost: float, salvage_percent: float
) -> tuple[float, float, float]:
    """Left-over units, their value at cost, and the write-off.

    1,200 on hand and 300 coming less 900 still sold leave 600; at 30 they are worth 18,000, and with
    20 % salvage 14,400 are written off.
    """
    left = max(0.0, on_hand + coming - remaining)
    return left, left * cost, left * cost * (1 - salvage_percent / 100)


def _row(
    phase_out: PhaseOut,
    cycle: Cycle,
    effects: list[PortfolioEffect],
    stock: dict[int, ProductStock],
    costs: dict[int, float],
) -> PhaseOutRow:
    key = ("phase_out", phase_out.product.code, "own")
    plan = next((one for one in effects if (one.source, one.code, one.role) == key), None)
    count = max(months_between(cycle.month, phase_out.end_month) + 1, 0)
    bars = plan.plan_units[:count] if plan else []
    on_hand, coming = quantities(phase_out, stock)
    known = on_hand is not None and plan is not None
    left, value, write_off = (
        run_out(
            on_hand or 0.0,
            coming,
            sum(bars),
            costs.get(phase_out.product_id, 0.0),
            phase_out.salvage_percent,
        )
        if known
        else (None, None, None)
    )
    problems = phase_out_problems(phase_out, stock)
    return PhaseOutRow(phase_out, sum(bars), on_hand, coming, left, value, write_off, bars[:24], problems)


def quantities(phase_out: PhaseOut, stock: dict[int, ProductStock]) -> tuple[float | None, float]:
    """Units to sell and still coming: as stated, else as counted and ordered; None where nobody knows."""
    counted = stock.get(phase_out.product_id)
    on_hand = phase_out.run_out_units
    if on_hand is None and counted is not None:
        on_hand = counted.on_hand
    coming = phase_out.coming_units
    if coming is None:
        coming = counted.coming if counted and phase_out.run_out_units is None else 0.0
    return on_hand, coming


def phase_out_problems(phase_out: PhaseOut, stock: dict[int, ProductStock]) -> list[str]:
    """What a phase-out still lacks."""
    problems = []
    if quantities(phase_out, stock)[0] is None:
        problems.append("no run-out quantity")
    if phase_out.successor_id is None and not phase_out.no_successor:
        problems.append("neither successor nor “none” stated")
    return problems
