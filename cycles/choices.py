"""Enumerations of the planning cycle, each with its derived sets."""

from django.db import models


class Role(models.TextChoices):
    """The nine roles; the values are the names of Django groups."""

    PROCESS_OWNER = "process_owner", "Process owner"
    SPONSOR = "sponsor", "Executive sponsor"
    DEMAND_PLANNER = "demand_planner", "Demand planner"
    SUPPLY_PLANNER = "supply_planner", "Supply planner"
    SALES = "sales_marketing", "Sales & marketing"
    OPERATIONS = "operations", "Operations"
    FINANCE = "finance", "Finance"
    PRODUCT = "product_management", "Product management"
    ADMIN = "admin", "Administrator"

    @classmethod
    def planning(cls) -> frozenset["Role"]:
        """Everybody who takes part in a cycle; administrators do not."""
        return frozenset(cls) - {cls.ADMIN}

    @classmethod
    def sees_prices(cls) -> frozenset["Role"]:
        """Who sees revenue and prices."""
        return cls.planning()

    @classmethod
    def sees_margins(cls) -> frozenset["Role"]:
        """Who sees cost and margin."""
        return frozenset(
            {cls.FINANCE, cls.SPONSOR, cls.PROCESS_OWNER, cls.PRODUCT, cls.OPERATIONS, cls.SUPPLY_PLANNER}
        )

    @classmethod
    def scoped(cls) -> frozenset["Role"]:
        """Roles whose view of streams is cut by scope rows; the others see the whole company."""
        return frozenset({cls.SALES, cls.DEMAND_PLANNER})


class StageKind(models.TextChoices):
    """The data gate and the five reviews, in their order."""

    DATA = "data", "Data"
    PRODUCT = "product", "Product"
    DEMAND = "demand", "Demand"
    SUPPLY = "supply", "Supply"
    RECONCILIATION = "reconciliation", "Reconciliation"
    EXECUTIVE = "executive", "Executive"

    @property
    def position(self) -> int:
        return list(StageKind).index(self)

    @property
    def before(self) -> "StageKind | None":
        return list(StageKind)[self.position - 1] if self.position else None

    @property
    def later(self) -> list["StageKind"]:
        return list(StageKind)[self.position + 1 :]


class StageState(models.TextChoices):
    NOT_OPEN = "not_open", "Not open"
    OPEN = "open", "Open"
    SUBMITTED = "submitted", "Submitted"
    SIGNED = "signed", "Signed"
    OUT_OF_DATE = "out_of_date", "Out of date"

    @property
    def editable(self) -> bool:
        """Whether the stage's figures may be edited."""
        return self in {StageState.OPEN, StageState.OUT_OF_DATE}


class CycleState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Act(models.TextChoices):
    """What people do to a stage."""

    OPEN = "open", "Open"
    SUBMIT = "submit", "Submit for signature"
    WITHDRAW = "withdraw", "Withdraw"
    SEND_BACK = "send_back", "Send back"
    SIGN = "sign", "Sign"
    REOPEN = "reopen", "Re-open"
    MARK_OUT_OF_DATE = "mark_out_of_date", "Mark out of date"

    @property
    def past(self) -> str:
        """What was done, for the story of the cycle."""
        words = {
            Act.OPEN: "opened",
            Act.SUBMIT: "submitted",
            Act.WITHDRAW: "withdrawn",
            Act.SEND_BACK: "sent back",
            Act.SIGN: "signed",
            Act.REOPEN: "re-opened",
            Act.MARK_OUT_OF_DATE: "out of date",
        }
        return words[self]


class VersionKind(models.TextChoices):
    DEMAND = "demand", "Demand plan"
    SUPPLY = "supply", "Supply plan"
    SCENARIO = "scenario", "Scenario"
    OPERATING = "operating", "Operating plan"
    PORTFOLIO = "portfolio", "Portfolio plan"
    DATA = "data", "Data snapshot"
    IMPORTED = "imported", "Imported forecast"


class VersionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    WRITING = "writing", "Being written"  # only inside the transaction that freezes it
    FROZEN = "frozen", "Frozen"


class Measure(models.TextChoices):
    """Steps of the demand plan in their order; each column holds the result after its step."""

    BASELINE = "baseline", "Statistical baseline"
    PRODUCT = "product", "Product changes"
    MARKETING = "marketing", "Marketing"
    SALES = "sales", "Sales"
    PLANNER = "planner", "Planner"
    CONSENSUS = "consensus", "Consensus"

    @classmethod
    def steps(cls) -> list["Measure"]:
        """The steps that people change, in the order in which they build on each other."""
        return [cls.PRODUCT, cls.MARKETING, cls.SALES, cls.PLANNER, cls.CONSENSUS]


class Operation(models.TextChoices):
    SET = "set", "Set to"
    ADD = "add", "Add"
    MULTIPLY = "multiply", "Multiply by"
    UNDO = "undo", "Undo"


class RunState(models.TextChoices):
    QUEUED = "queued", "Waiting for a worker"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting for its parts"
    DONE = "done", "Done"
    DEAD = "dead", "Failed"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def active(cls) -> frozenset["RunState"]:
        return frozenset({cls.QUEUED, cls.RUNNING, cls.WAITING})

    @classmethod
    def ended(cls) -> frozenset["RunState"]:
        return frozenset({cls.DONE, cls.DEAD, cls.CANCELLED})


class ReasonCode(models.TextChoices):
    """Why a figure of the plan was changed by a person."""

    CUSTOMER = "customer", "Customer information"
    PROMOTION = "promotion", "Promotion or campaign"
    PRICE = "price", "Price change"
    MARKET = "market", "Market or competitor"
    LAUNCH = "launch", "Launch"
    PHASE_OUT = "phase_out", "Phase-out"
    CORRECTION = "correction", "Correction of the forecast"
    SUPPLY = "supply", "Supply limit"
    DECISION = "decision", "Decision of a review"
    OTHER = "other", "Other"


class AssumptionStatus(models.TextChoices):
    OPEN = "open", "Open"
    CONFIRMED = "confirmed", "Confirmed"
    INVALIDATED = "invalidated", "Invalidated"


class ActionStatus(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class Verdict(models.TextChoices):
    """The executive's answer to a decision asked of them."""

    PENDING = "pending", "Not yet decided"
    YES = "yes", "Yes"
    NO = "no", "No"
    DISCUSS = "discuss", "Discuss"


class NumberFormat(models.TextChoices):
    """How a person reads and writes numbers; never guessed from the text."""

    ENGLISH = "en", "1,234.5"
    GERMAN = "de", "1.234,5"
    FRENCH = "fr", "1 234,5"
    SWISS = "ch", "1'234.5"

    @property
    def thousands(self) -> str:
        return {"en": ",", "de": ".", "fr": "\u202f", "ch": "'"}[self.value]

    @property
    def decimal(self) -> str:
        return {"en": ".", "de": ",", "fr": ",", "ch": "."}[self.value]
