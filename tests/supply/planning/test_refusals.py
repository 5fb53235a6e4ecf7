"""Every kind of refusal, at its file, row and column."""

import pytest

from supply.planning.files.problems import CaseRefusedError
from supply.planning.files.reader import read_case
from tests.supply.planning.tables import settings, write_case

SOUND = {
    "products": "product,volume,shelf_life_months\nA,1,\nB,2,2",
    "places": "place,kind,inbound_capacity\nPlant,site,\nDepot,site,500\nHome,market,",
    "demand": "product,market,month,quantity,price,must_serve,max_backlog_months\n"
    "A,Home,,100,20,no,1\nA,Home,2026-02,150,,,\nB,Home,2026-03,40,30,,",
    "production": "product,site,month,unit_cost,lead_time_months\nA,Plant,,5,\nB,Plant,,8,1",
    "resources": "site,resource,month,regular_hours\nPlant,Line,,60\nDepot,Crew,,10",
    "routing": "product,site,resource,lag_months,hours_per_unit\nA,Plant,Line,,0.5\nB,Plant,Line,1,0.6",
    "workforce": "site,resource,month,opening_heads,wage\nPlant,Line,,2,10",
    "stock": "product,site,month,opening_stock,holding_cost\nA,Plant,,30,0.5\nA,Plant,2026-03,,1",
    "lanes": "origin,destination,product,month,unit_cost\nPlant,Depot,,,0.2\nDepot,Home,,,0.3\nPlant,Home,B,,1",
    "materials": "material,month,opening_stock,receipts\nSteel,,100,\nSteel,2026-02,,50",
    "bom": "product,component,quantity_per_unit\nA,Steel,1\nB,A,2",
    "suppliers": "supplier,material,month,price\nMill,Steel,,1",
    "subcontract": "subcontractor,product,site,month,unit_cost\nHelper,A,Plant,,9",
}

CHANGES = [
    # file, text there, text instead, row and column refused
    ("demand", "A,Home,,100", "A,Home,,abc", 2, "quantity"),
    ("demand", "A,Home,,100", "A,Home,,-1", 2, "quantity"),
    ("demand", "A,Home,,100", "A,Home,,nan", 2, "quantity"),
    ("demand", "A,Home,,100", "A,Home,,1e999", 2, "quantity"),
    ("demand", "A,Home,,100", "A,Home,,1_000", 2, "quantity"),
    ("demand", "2026-03", "2026-04", 4, "month"),
    ("demand", "2026-03", "2025-12", 4, "month"),
    ("demand", "2026-03", "2026-3", 4, "month"),
    ("demand", "2026-03", "2026-13", 4, "month"),
    ("demand", "B,Home", "B,Depot", 4, "market"),
    ("demand", "B,Home", "B,Nowhere", 4, "market"),
    ("demand", "B,Home", "C,Home", 4, "product"),
    ("demand", "B,Home", "b,Home", 4, "product"),
    ("demand", "B,Home", ",Home", 4, "product"),
    ("demand", "20,no,1", "20,No,1", 2, "must_serve"),
    ("demand", "20,no,1", "20,no,1.5", 2, "max_backlog_months"),
    ("demand", "2026-02,150,,,", "2026-02,150,,", 3, ""),
    ("demand", "2026-02,150,,,", "2026-02,150,,,,", 3, ""),
    ("demand", "A,Home,2026-02", "A,Home,", 3, "month"),
    ("demand", "price", "pryce", 1, "pryce"),
    ("demand", "price", "quantity", 1, "quantity"),
    ("demand", "quantity", "units", 1, "quantity"),
    ("products", "2,2", "2,0", 3, "shelf_life_months"),
    ("products", "2,2", "2,1.5", 3, "shelf_life_months"),
    ("places", "Depot,site", "Depot,depot", 3, "kind"),
    ("places", "Depot,site", "Depot,", 3, "kind"),
    ("production", "A,Plant", "A,Home", 2, "site"),
    ("production", "8,1", "8,0.5", 3, "lead_time_months"),
    ("resources", "Depot,Crew", "Home,Crew", 3, "site"),
    ("resources", "Depot,Crew", "Plant,Line", 3, "month"),
    ("routing", "A,Plant,Line", "A,Plant,Crew", 2, "resource"),
    ("routing", "A,Plant,Line,,0.5", "A,Plant,Line,,", 2, "hours_per_unit"),
    ("routing", "B,Plant,Line,1", "A,Plant,Line,0", 3, "lag_months"),
    ("workforce", "Plant,Line", "Depot,Line", 2, "resource"),
    ("workforce", "Plant,Line,,2", "Plant,Line,2026-02,2", 2, "opening_heads"),
    ("stock", "2026-03,,1", "2026-03,4,1", 3, "opening_stock"),
    ("materials", "2026-02,,50", "2026-02,0,50", 3, "opening_stock"),
    ("materials", "Steel,,100", "A,,100", 2, "material"),
    ("lanes", "Plant,Depot", "Home,Depot", 2, "origin"),
    ("lanes", "Plant,Depot", "Plant,Plant", 2, "destination"),
    ("lanes", "Plant,Depot", "Plant,Mars", 2, "destination"),
    ("lanes", "Plant,Home,B", "Depot,Home,", 4, "month"),
    ("bom", "B,A,2", "B,B,2", 3, "component"),
    ("bom", "B,A,2", "B,Iron,2", 3, "component"),
    ("bom", "B,A,2", "A,Steel,2", 3, "component"),
    ("bom", "B,A,2", "B,A,", 3, "quantity_per_unit"),
    ("suppliers", "Steel", "Iron", 2, "material"),
    ("suppliers", "Mill", "", 2, "supplier"),
    ("subcontract", "A,Plant", "A,Home", 2, "site"),
    ("settings", "months,3", "months,0", 3, "value"),
    ("settings", "months,3", "months,241", 3, "value"),
    ("settings", "months,3", "months,2.5", 3, "value"),
    ("settings", "months,3", "months,", 3, "value"),
    ("settings", "months,3", "horizon,3", 3, "key"),
    ("settings", "months,3", "currency,EUR", 1, "key"),
    ("settings", "months,3", "months,3\nmonths,3", 4, "key"),
    ("settings", "2026-01", "2026/01", 2, "value"),
    ("settings", "months,3", "months,3\nwhole_heads,maybe", 4, "value"),
]


def refusal(folder):
    """(file, row, column) of everything wrong."""
    with pytest.raises(CaseRefusedError) as refused:
        read_case(folder)
    return [(p.file, p.row, p.column) for p in refused.value.problems]


def test_the_sound_case_reads(tmp_path):
    """What the changes below start from is fine."""
    case = read_case(write_case(tmp_path, 3, **SOUND))
    assert case.demand.quantity.tolist() == [[100, 150, 100], [0, 0, 40]]
    assert case.demand.price.tolist() == [[20, 20, 20], [0, 0, 30]]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_one_thing_wrong_is_one_refusal(change, tmp_path):
    """At its place, and nothing else is held against the case."""
    file, old, new, row, column = change
    files = {**SOUND, "settings": settings(3)}
    assert old in files[file]
    folder = write_case(tmp_path, 3, **{**files, file: files[file].replace(old, new, 1)})
    found = refusal(folder)
    assert (f"{file}.csv", row, column) in found
    assert {name for name, _, _ in found} == {f"{file}.csv"}


@pytest.mark.parametrize(
    "change",
    [
        ("products", "B,2,2", "A,2,2", 3, "product"),
        ("products", "A,1,", ",1,", 2, "product"),
        ("places", "Depot,site", "Plant,site", 3, "place"),
    ],
    ids=str,
)
def test_a_wrong_name_is_refused_and_missed_elsewhere(change, tmp_path):
    """What refers to the name that is gone is told too."""
    file, old, new, row, column = change
    folder = write_case(tmp_path, 3, **{**SOUND, file: SOUND[file].replace(old, new, 1)})
    assert (f"{file}.csv", row, column) in refusal(folder)


@pytest.mark.parametrize("file", ["settings", "products", "places", "demand"])
def test_a_required_file_is_missed(file, tmp_path):
    """Absent files are named, what refers to them is not."""
    folder = write_case(tmp_path, 3, **SOUND)
    (folder / f"{file}.csv").unlink()
    assert refusal(folder) == [(f"{file}.csv", 0, "")]


def test_a_misspelt_file_is_refused_and_other_files_ignored(tmp_path):
    """`demands.csv` would silently plan nothing."""
    folder = write_case(tmp_path, 3, **SOUND)
    (folder / "notes.txt").write_text("anything")
    read_case(folder)
    (folder / "demands.csv").write_text("product\n")
    assert refusal(folder) == [("demands.csv", 0, "")]


def test_blank_lines_count_but_say_nothing(tmp_path):
    """A row's number is its line in the file."""
    text = "product,market,quantity\n\n  \nA,Home,1\n\nB,Home,x\n"
    assert refusal(write_case(tmp_path, 3, **{**SOUND, "demand": text})) == [("demand.csv", 6, "quantity")]


def test_spaces_quotes_and_marks_of_spreadsheets_are_read(tmp_path):
    """A byte order mark, quoted cells, spaces and Windows line ends."""
    folder = write_case(tmp_path, 3, **SOUND)
    text = '\ufeffproduct , market,quantity,price\r\n "A" ,Home, 1e1 , .5\r\n"B",Home,2.,+3\r\n'
    (folder / "demand.csv").write_bytes(text.encode())
    case = read_case(folder)
    assert case.demand.quantity[:, 0].tolist() == [10, 2]
    assert case.demand.price[:, 0].tolist() == [0.5, 3]


def test_text_that_is_not_utf8_is_refused_at_its_line(tmp_path):
    """Latin-1 umlauts, say."""
    folder = write_case(tmp_path, 3, **SOUND)
    (folder / "products.csv").write_bytes("product,volume\nA,1\nB,1\nTür,1\n".encode("latin-1"))
    assert ("products.csv", 4, "") in refusal(folder)


def test_all_problems_are_told_at_once(tmp_path):
    """A planner mends a file in one go."""
    text = "product,market,month,quantity\nA,Home,2026-09,1\nC,Home,,x\nA,Depot,,1"
    found = refusal(write_case(tmp_path, 3, **{**SOUND, "demand": text}))
    assert found == [
        ("demand.csv", 2, "month"),
        ("demand.csv", 3, "product"),
        ("demand.csv", 3, "quantity"),
        ("demand.csv", 4, "market"),
    ]


def test_the_month_row_wins_cell_by_cell(tmp_path):
    """Its own cell if not blank, then the every-month cell, then the default; and only covered months are open."""
    text = "product,site,month,unit_cost,max_quantity\nA,Plant,,5,\nA,Plant,2026-02,,7\nB,Plant,2026-03,8,"
    case = read_case(write_case(tmp_path, 3, **{**SOUND, "production": text}))
    assert case.production.unit_cost.tolist() == [[5, 5, 5], [0, 0, 8]]
    assert case.production.max_quantity[0].tolist() == [float("inf"), 7, float("inf")]
    assert case.production.possible.tolist() == [[True, True, True], [False, False, True]]
