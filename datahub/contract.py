"""The data contract: every import file, column, type, unit and rule, written from the registry itself."""

from collections.abc import Iterator

from datahub.registry import Column, Dataset, Kind, datasets, rules

KINDS = {
    Kind.CODE: "code",
    Kind.TEXT: "text",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.MONTH: "month",
    Kind.FLAG: "1 or 0",
}

INTRODUCTION = """# Data contract

What each import file holds, column by column. This page is written from the program (`manage.py write_data_contract`),
so that it cannot differ from what an import does. The same columns with an example row can be downloaded on the page
Data, Templates.

## How files are read
- **One file per dataset**, named like it: `sales_orders.csv`, also `Sales_Orders_2026-10.xlsx`. CSV, packed CSV
  (`.csv.gz`), XLSX (the first visible sheet), or a zip archive of them in the browser.
- **Files of other programs** keep their own names and columns: in the browser the page *Match the columns* asks once
  what such a file holds and which of its columns is meant, with suggestions by usual English and German names. A
  column may be the same text in every row, and lines of an order may be numbered. One file may bring new records of
  other datasets along (the products and customers in a list of sales); what is known of these is never changed by it.
  The answer is kept under the file's name without digits, so `Sales list 2026-11.xlsx` is read like
  `Sales list 2026-10.xlsx`, by the API and `import_company` as well.
- **Encoding and separator** are recognised: UTF-8 with or without byte order mark, UTF-16, Windows-1252; comma,
  semicolon, tab, bar.
- **The decimal mark** is decided from all numbers of a file, never cell by cell. Where nothing tells (`1,234` and no
  other clue), the choice is written beside the file in the preview. Marks between thousands are understood.
- **Dates** are `yyyy-mm-dd`, `dd.mm.yyyy`, or Excel dates; **months** `yyyy-mm` or any date in the month. A date such
  as `1/2/2026` is refused, since it means two things.
- **Codes** are texts: leading zeros stay, blanks around them go. Percentages are numbers of percent (5 is 5 %).
- An **empty cell** means "not known". NaN, infinity and numbers beyond a million million are refused.
- The **header row** comes first; `Item Code` is `item_code`. Columns that the template does not know are left out and
  noted. Needed are the columns that must be filled and the key; of others that a file does not have, what is stored
  stays.

## To start with
`item_master`, `customers`, `sales_orders` and `inventory` with `item_location` are enough for a first month, and one
list of sales and one of stock make all five. What a company does not keep is not asked for: rules judge bills,
routings, suppliers, safety stocks, movements and owners only where there are any, and without routings the supply plan
knows no limit of capacity, which it says. Where order lines have no `entry_date`, their requested dates say how far the
orders reach.

## How rows are loaded
- A batch of files is **loaded whole or not at all**, masters before what refers to them; codes that come in the same
  batch are known.
- Rows are **added or changed by their key**. Rows that a file does not hold stay as they are: a full file and a delta
  are loaded alike.
- Every refused cell is listed with file, row, column, value and how to mend it.
- After a load, what follows from the data is rebuilt in the same transaction: demand history (ordered quantity by
  requested month, valued at the rate of that month), planned prices (mean net price of the last 12 closed months at
  planning rates, the list price where there is none), launches and phase-outs nobody has planned yet.
- Limits: 20 MB per uploaded file (a setting), 5,000,000 rows, 200,000 rows per sheet, 1 GB unpacked.

## Commands
- `manage.py import_company FOLDER [--name NAME] [--currency EUR]` loads every file of a folder that bears a dataset's
  name; without a currency, the one of the order lines that has no exchange rate is taken. A month's actuals come in the
  same way: their files are deltas.
- `manage.py check_folder FOLDER [--out issues.csv]` judges files by the rules below and loads nothing.
- `manage.py make_company --size tiny|small|mid|large [--seed N] [--folder OUT] [--files-only]` makes a company from a
  seed, with a folder of actuals for each later month.

## Conventions
- Demand of a month is the ordered quantity of the lines requested in it. The demand stream of a line is its product in
  the market of its customer.
- `fx.rate` is company currency for one unit of the foreign one; months after the close hold the planning rate.
- `inventory.qty` is all stock on hand, blocked included; what is in transit comes on top. The day before the first
  month is there as opening stock.
- Stock rolls forward by month: opening + production (good) + receipts - shipments (by ship date) - components used.
  Components used = (good + scrap) x qty_per / (1 - scrap_pct / 100), by the bill line valid on the day.
- Usable hours = available_hours x efficiency_pct / 100; overtime comes on top. Hours of an order = units x
  hours_per_unit + set-ups (one per lot) x setup_hours.
- Of several suppliers of a material the cheapest is the primary one, a dearer one the backup.
- An empty receipt or delivery date is still open. A file of earlier forecasts is named by the first plan month of the
  cycle that made it.
"""


def contract_text() -> str:
    """The whole page."""
    parts = [INTRODUCTION, "\n".join(_overview()), *("\n".join(_section(dataset)) for dataset in datasets())]
    return "\n".join([*parts, "\n".join(_rule_table())]) + "\n"


def _overview() -> Iterator[str]:
    yield "## Files\n"
    yield "| file | holds | owner | key | control total |"
    yield "|---|---|---|---|---|"
    for dataset in datasets():
        control = f"sum of {dataset.control}" if dataset.control else ""
        yield f"| `{dataset.name}` | {dataset.label} | {dataset.role.label} | {', '.join(dataset.key)} | {control} |"
    yield ""


def _section(dataset: Dataset) -> Iterator[str]:
    yield f"### {dataset.name}: {dataset.label.lower()}\n"
    yield f"{dataset.meaning}\n"
    yield "| column | type | unit | holds | rule | example |"
    yield "|---|---|---|---|---|---|"
    for column in dataset.columns:
        cells = (
            f"`{column.name}`",
            KINDS[column.kind],
            column.unit,
            column.meaning,
            _rule(column),
            column.example,
        )
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _rule(column: Column) -> str:
    length = f", at most {column.length} characters" if column.kind in {Kind.CODE, Kind.TEXT} else ""
    return column.rule + length


def _rule_table() -> Iterator[str]:
    yield "## Rules of data quality\n"
    yield "Run on the page Data for the open cycle. A rule that blocks keeps the data gate shut until it is mended or"
    yield "waived; the others count in the score. Score = sum of weight x (1 - failed / checked) / sum of weights, with"
    yield "weight 5 for rules that block, 3 for major and 1 for minor ones.\n"
    yield "| rule | dataset | weight | what it finds | how to mend it |"
    yield "|---|---|---|---|---|"
    for rule in rules():
        yield f"| {rule.code} | `{rule.dataset}` | {rule.severity.label} | {rule.label} | {rule.fix} |"
