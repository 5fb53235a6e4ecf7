"""The range: the tree of families, the list of products, a product and the decision on it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cycles.http import go_next, person, say, stage_parts
from cycles.permissions import planning_required, sees_margins, sees_prices
from cycles.queries import current_cycle
from portfolio.actions.common import editable_stage
from portfolio.actions.families import delete_family, move_product, save_family
from portfolio.actions.reviews import Push, decide_product
from portfolio.actions.rules import set_rules
from portfolio.choices import ProductKind, ProductStatus, Proposal
from portfolio.forms import DecisionForm, FamilyForm, RulesForm
from portfolio.models import Family, PortfolioRules, Product
from portfolio.permissions import can_change_portfolio
from portfolio.queries.candidates import candidates, complexity_of, sales_of
from portfolio.queries.effects import change_effects
from portfolio.queries.families import family_nodes, indented_families, products_of
from portfolio.queries.review import effects_of, product_stage, stock_of
from portfolio.views.common import was_saved
from sop.errors import InvalidInput

FORM_METHODS = ["GET", "HEAD", "POST"]
A_PAGE = 50


@require_safe
@planning_required
def families(request: HttpRequest) -> HttpResponse:
    """The tree of families, rolled up."""
    cycle, user = current_cycle(), person(request)
    stage = product_stage(cycle)
    nodes = family_nodes(cycle)
    context = {
        **stage_parts(stage, user),
        "cycle": cycle,
        "nodes": nodes,
        "levels": max((node.level for node in nodes), default=0),
        "can_change": can_change_portfolio(user, stage),
        "sees_prices": sees_prices(user),
        "sees_margins": sees_margins(user),
    }
    return render(request, "portfolio/families.html", context)


@require_http_methods(FORM_METHODS)
@planning_required
def family_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new family, or one to rename or move."""
    family = get_object_or_404(Family.objects.select_related("parent"), code=code) if code else None
    cycle, user = current_cycle(), person(request)
    editable_stage(cycle, user)
    form = FamilyForm(request.POST or None, family=family)

    def save() -> None:
        given = form.cleaned_data
        parent = given["parent"].code if given["parent"] else ""
        own = family.code if family else given["code"]
        save_family(cycle=cycle, by=user, code=own, name=given["name"], parent=parent, new=family is None)

    if request.method == "POST" and form.is_valid() and was_saved(form, save):
        say(request, "The family tree is changed.")
        return redirect("portfolio:families")
    title = f"Family {family}" if family else "New family"
    context = {"form": form, "title": title, "back": "portfolio:families", "family": family}
    return render(request, "portfolio/form.html", context)


@require_POST
@planning_required
def family_delete(request: HttpRequest, code: str) -> HttpResponse:
    """An empty family is taken out."""
    delete_family(cycle=current_cycle(), by=person(request), code=code)
    say(request, f"The family {code} is taken out.")
    return redirect("portfolio:families")


@require_safe
@planning_required
def products(request: HttpRequest) -> HttpResponse:
    """The products of a family, a state, or with words in their names, page by page."""
    cycle, user = current_cycle(), person(request)
    asked = {key: request.GET.get(key, "") for key in ("family", "status", "words")}
    page = Paginator(products_of(**asked), A_PAGE).get_page(request.GET.get("page"))
    classes = {row.product.pk: row for row in candidates(cycle)}
    sales = sales_of(cycle)
    context = {
        **stage_parts(product_stage(cycle), user),
        "cycle": cycle,
        "page": page,
        "rows": [(product, classes.get(product.pk), sales.get(product.pk)) for product in page],
        "asked": asked,
        "statuses": ProductStatus.choices,
        "families": indented_families(),
        "sees_prices": sees_prices(user),
        "sees_margins": sees_margins(user),
    }
    return render(request, "portfolio/products.html", context)


@require_http_methods(FORM_METHODS)
@planning_required
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: its facts, what its changes do, and the decision on it."""
    cycle, user = current_cycle(), person(request)
    item = get_object_or_404(Product.objects.select_related("family"), code=code, kind=ProductKind.FINISHED)
    stage = product_stage(cycle)
    row = next((one for one in candidates(cycle) if one.product.pk == item.pk), None)
    form = DecisionForm(request.POST or None, initial=_decision_values(row))
    if request.method == "POST" and form.is_valid() and was_saved(form, lambda: _decide(request, form, code)):
        say(request, _decided_words(code, form.cleaned_data["decision"]))
        return redirect("portfolio:product", code)
    sold = sales_of(cycle).get(item.pk)
    year_units = sold.year_units if sold else 0.0
    complexity = complexity_of(cycle).get(item.pk)
    context: dict[str, Any] = {
        **stage_parts(stage, user),
        "cycle": cycle,
        "product": item,
        "row": row,
        "form": form,
        "sold": sold,
        "year_units": year_units,
        "stock": stock_of(cycle).get(item.pk),
        "complexity": complexity,
        "months_per_lot": complexity.months_per_lot(year_units) if complexity else None,
        "setup_hours": complexity.setup_hours_per_year(year_units) if complexity else None,
        "changes": [one for one in change_effects(effects_of(cycle)) if _concerns(one.parts, item)],
        "reviews": item.reviews.exclude(decision="")
        .select_related("cycle", "by", "owner")
        .order_by("-at")[:12],
        "has_launch": hasattr(item, "launch") and not item.launch.is_dropped,
        "has_end": hasattr(item, "phase_out") and not item.phase_out.is_dropped,
        "families": indented_families(),
        "can_change": can_change_portfolio(user, stage),
        "sees_prices": sees_prices(user),
        "sees_margins": sees_margins(user),
    }
    return render(request, "portfolio/product.html", context)


def _concerns(parts: list[Any], item: Product) -> bool:
    return any(part.code == item.code or item.pk in part.products for part in parts)


def _decision_values(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    review = row.review
    if review is None or not review.decision:
        return {"decision": row.advice.proposal}
    return {
        "decision": review.decision,
        "growth_percent": review.growth_percent,
        "first_month": f"{review.first_month:%Y-%m}" if review.first_month else "",
        "owner": review.owner_id,
        "reason": review.reason,
    }


@require_POST
@planning_required
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Push, maintain or cut, straight from a list."""
    form = DecisionForm(request.POST)
    if not request.POST.get("decision"):
        raise InvalidInput("Choose push, maintain or cut.")
    if not form.is_valid():
        raise InvalidInput(" ".join(str(words) for errors in form.errors.values() for words in errors))
    _decide(request, form, code)
    say(request, _decided_words(code, form.cleaned_data["decision"]))
    return go_next(request, "portfolio:home")


def _decide(request: HttpRequest, form: DecisionForm, code: str) -> None:
    given = form.cleaned_data
    push = Push(given["growth_percent"], given["first_month"]) if given["growth_percent"] else None
    decide_product(
        cycle=current_cycle(),
        by=person(request),
        code=code,
        decision=given["decision"],
        reason=given["reason"],
        owner=given["owner"],
        push=push,
    )


def _decided_words(code: str, decision: str) -> str:
    more = " Plan its end to take it out of the demand plan." if decision == Proposal.CUT else ""
    return f"{code}: {Proposal(decision).label.lower()}.{more}"


@require_POST
@planning_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A product goes to another family."""
    family = request.POST.get("family", "")
    item = move_product(cycle=current_cycle(), by=person(request), code=code, family=family)
    say(request, f"{item} belongs to {item.family} now.")
    return redirect("portfolio:product", code)


@require_http_methods(FORM_METHODS)
@planning_required
def rules(request: HttpRequest) -> HttpResponse:
    """Target for new products and limits of the classes."""
    cycle, user = current_cycle(), person(request)
    editable_stage(cycle, user)
    form = RulesForm(request.POST or None, instance=PortfolioRules.current())

    def save() -> None:
        set_rules(cycle=cycle, by=user, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and was_saved(form, save):
        say(request, "Target and limits are set.")
        return redirect("portfolio:home")
    context = {"form": form, "title": "Target and limits of the range", "back": "portfolio:home"}
    return render(request, "portfolio/form.html", context)
