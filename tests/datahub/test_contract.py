"""The data contract on paper is the one the program keeps."""

from pathlib import Path

from datahub.contract import contract_text
from datahub.registry import code_space, datasets
from datahub.stored import lookup_of

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_written_contract_is_up_to_date() -> None:
    written = (DOCS / "data-contract.md").read_text(encoding="utf-8")
    assert written == contract_text(), "run manage.py write_data_contract"


def test_every_column_is_described_kept_and_readable() -> None:
    for dataset in datasets():
        assert dataset.meaning, dataset.name
        for column in dataset.columns:
            assert column.meaning, (dataset.name, column.name)
            assert lookup_of(dataset, column), (dataset.name, column.name)
            for space in (*column.refers, *filter(None, [column.creates])):
                assert code_space(space).model


def test_keys_and_control_columns_exist() -> None:
    for dataset in datasets():
        assert set(dataset.key) <= set(dataset.names)
        assert not dataset.control or dataset.control in dataset.names


def test_masters_are_loaded_before_what_refers_to_them() -> None:
    order = {dataset.name: dataset.order for dataset in datasets()}
    for dataset in datasets():
        for column in dataset.columns:
            for space in column.refers:
                assert order[code_space(space).dataset] <= dataset.order, (dataset.name, column.name)
