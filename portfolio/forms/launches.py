"""The form of a launch."""

from typing import Any

from django import forms

from cycles.forms import MonthField
from cycles.models import User
from portfolio.actions.launches import Volume
from portfolio.choices import LaunchBasis, LaunchGate
from portfolio.forms.common import ProductChoice, owners
from portfolio.models import Family, Launch
from sop.periods import month_key

LIKE_ROWS = 4
INFLUENCE_ROWS = 4
PRODUCT_FIELDS = ["product", "code", "description", "family", "list_price", "standard_cost"]
DIRECTIONS = (("takes", "takes from"), ("lifts", "adds to"))


class LaunchForm(forms.Form):
    """A launch of a known or a new product, with up to four like products and four that it takes from or helps."""

    product = ProductChoice(required=False, label="Known product", empty_label="A new one, described below")
    code = forms.CharField(required=False, max_length=64, label="Code of the new product")
    description = forms.CharField(required=False, max_length=200)
    family = forms.ModelChoiceField(queryset=Family.objects.all(), to_field_name="code", required=False)
    list_price = forms.DecimalField(required=False, min_value=0, decimal_places=4, max_digits=14)
    standard_cost = forms.DecimalField(
        required=False,
        min_value=0,
        decimal_places=4,
        max_digits=14,
        help_text="Without it the margin is unknown.",
    )
    month = MonthField(label="First month of sales")
    gate = forms.ChoiceField(choices=LaunchGate.choices, initial=LaunchGate.DEVELOPMENT)
    ramp_months = forms.IntegerField(
        min_value=1, max_value=60, initial=6, label="Months until the full volume"
    )
    basis = forms.ChoiceField(
        required=False,
        choices=LaunchBasis.choices,
        initial=LaunchBasis.TODAY,
        label="Where its volume comes from",
    )
    copy_percent = forms.FloatField(
        required=False,
        min_value=0.01,
        max_value=1000,
        initial=100,
        label="Copy factor, percent",
        help_text="Of what the like products below give together.",
    )
    full_units = forms.FloatField(
        required=False,
        min_value=0,
        label="Volume, units",
        help_text="A month at full volume; for a diffusion all units ever sold.",
    )
    innovators = forms.FloatField(
        required=False, min_value=0, max_value=1, label="Diffusion p: buy on their own, a month"
    )
    imitators = forms.FloatField(
        required=False, min_value=0, max_value=1, label="Diffusion q: follow others, a month"
    )
    takes_from_like = forms.BooleanField(
        required=False, initial=True, label="All its volume is taken from the like products"
    )
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, launch: Launch | None = None, **options: Any) -> None:
        if launch is not None:
            options.setdefault("initial", _launch_values(launch))
        super().__init__(*args, **options)
        self.launch = launch
        self.fields["owner"].queryset = owners()  # type: ignore[attr-defined]
        for number in range(1, LIKE_ROWS + 1):
            self.fields[f"like_{number}"] = ProductChoice(
                required=False, label=f"Sells like {number}", empty_label="–"
            )
            self.fields[f"percent_{number}"] = forms.FloatField(
                required=False, min_value=0.01, max_value=1000, label=f"Percent of its volume {number}"
            )
        for number in range(1, INFLUENCE_ROWS + 1):
            self.fields[f"way_{number}"] = forms.ChoiceField(
                required=False, choices=DIRECTIONS, label=f"Effect on another product {number}"
            )
            self.fields[f"other_{number}"] = ProductChoice(
                required=False, label=f"Other product {number}", empty_label="–"
            )
            self.fields[f"share_{number}"] = forms.FloatField(
                required=False,
                min_value=0.01,
                max_value=1000,
                label=f"Percent of the launch's units {number}",
            )
        if launch is not None:
            for name in PRODUCT_FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.launch is None and not given.get("product") and not given.get("code"):
            self.add_error("product", "Choose a product, or give the code of a new one.")
        if given.get("code") and not given.get("product") and not given.get("family"):
            self.add_error("family", "A new product belongs to a family.")
        for number in range(1, LIKE_ROWS + 1):
            like, percent = given.get(f"like_{number}"), given.get(f"percent_{number}")
            if bool(like) != bool(percent):
                self.add_error(f"percent_{number}", "A like product and its percent belong together.")
        for number in range(1, INFLUENCE_ROWS + 1):
            if bool(given.get(f"other_{number}")) != bool(given.get(f"share_{number}")):
                self.add_error(f"share_{number}", "A product and the percent belong together.")
        return given

    def references(self) -> list[tuple[str, float]]:
        """The like products with their percents."""
        pairs = [
            (self.cleaned_data[f"like_{n}"], self.cleaned_data[f"percent_{n}"])
            for n in range(1, LIKE_ROWS + 1)
        ]
        return [(like.code, percent) for like, percent in pairs if like]

    def sections(self) -> list[dict[str, Any]]:
        """The fields in the order in which people think of a launch: title, words, layout and fields of each part."""
        numbers = range(1, LIKE_ROWS + 1)
        likes = [name for n in numbers for name in (f"like_{n}", f"percent_{n}")]
        others = [
            name for n in range(1, INFLUENCE_ROWS + 1) for name in (f"way_{n}", f"other_{n}", f"share_{n}")
        ]
        return [
            self._section("The product", "", "", PRODUCT_FIELDS),
            self._section("When and who", "", "", ["month", "gate", "owner"]),
            self._section(
                "How much it sells",
                "Like products count with their percent, all together with the copy factor. Sold as they "
                "began, their first months are moved to the launch; a stated volume and a diffusion need none.",
                "",
                ["basis", "ramp_months", "copy_percent"],
            ),
            self._section("", "", "pairs", likes),
            self._section("", "", "triples", ["full_units", "innovators", "imitators"]),
            self._section(
                "What it does to other products",
                "In percent of the launch's own units, in the same market; the demand plan never goes below zero.",
                "",
                ["takes_from_like"],
            ),
            self._section("", "", "triples", others),
            self._section("", "", "", ["note"]),
        ]

    def _section(self, title: str, words: str, layout: str, names: list[str]) -> dict[str, Any]:
        fields = [self[name] for name in names if name in self.fields]
        return {"title": title, "words": words, "layout": layout, "visible_fields": fields}

    def influences(self) -> list[tuple[str, float]]:
        """Other products with the percent that is taken from them (below zero) or added."""
        given = self.cleaned_data
        rows = [
            (given[f"way_{n}"], given[f"other_{n}"], given[f"share_{n}"])
            for n in range(1, INFLUENCE_ROWS + 1)
        ]
        return [(other.code, share if way == "lifts" else -share) for way, other, share in rows if other]

    def volume(self) -> Volume:
        """What the launch sells."""
        given = self.cleaned_data
        return Volume(
            given["basis"] or LaunchBasis.TODAY,
            given["copy_percent"] or 100.0,
            given["full_units"] or None,
            given["innovators"],
            given["imitators"],
        )


def _launch_values(launch: Launch) -> dict[str, Any]:
    values: dict[str, Any] = {
        "month": month_key(launch.month),
        "gate": launch.gate,
        "ramp_months": launch.ramp_months,
        "takes_from_like": launch.takes_from_like,
        **{
            name: getattr(launch, name)
            for name in ("basis", "copy_percent", "full_units", "innovators", "imitators")
        },
        "owner": launch.owner_id,
        "note": launch.note,
    }
    for number, reference in enumerate(launch.references.select_related("product")[:LIKE_ROWS], start=1):
        values[f"like_{number}"], values[f"percent_{number}"] = reference.product.code, reference.percent
    for number, other in enumerate(launch.influences.select_related("product")[:INFLUENCE_ROWS], start=1):
        values[f"way_{number}"] = "takes" if other.percent < 0 else "lifts"
        values[f"other_{number}"], values[f"share_{number}"] = other.product.code, abs(other.percent)
    return values
