"""Files with columns of their own: which dataset they hold, where its columns come from, remembered for the next."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction

from cycles.actions.audit import record_act
from cycles.models import User
from cycles.permissions import require
from datahub.actions.recognising import header_of, take_along
from datahub.actions.runs import request_check
from datahub.choices import ImportState
from datahub.matching import Sources, fitting, missing, same_names, stem_of, suggested
from datahub.models import ColumnMatch, ImportBatch, ImportFile
from datahub.permissions import can_handle, can_load
from datahub.registry import Dataset, code_space, dataset_named, datasets
from sop.errors import InvalidInput, WrongState

OPEN_STATES = (ImportState.MATCHING, ImportState.READY, ImportState.REJECTED)
TELLING = 2  # a file that tells this much more of another dataset brings it along


def guess(files: Iterable[ImportFile], by: User) -> None:
    """What files most likely hold, for the person to confirm; nothing where no dataset fits."""
    loadable = [one for one in datasets() if can_load(by, one)]
    found = [(file, fitting(header_of(file), loadable)) for file in files]
    whole = {dataset.name for _, dataset in found if dataset}
    for file, dataset in found:
        if dataset is None:
            continue
        along = [one for one in offers(file, dataset, by) if brings(file, dataset, one, whole)]
        choose_dataset(file, dataset, along=along)


def choose_dataset(file: ImportFile, dataset: Dataset, along: list[Dataset]) -> None:
    """Say what a file holds, and what new records of other datasets come along with it."""
    header = header_of(file)
    file.dataset, file.sources = dataset.name, suggested(dataset, header)
    file.save(update_fields=["dataset", "sources"])
    take_along(file, {one.name: suggested(one, header) for one in along})


def offers(file: ImportFile, dataset: Dataset, by: User) -> list[Dataset]:
    """Datasets of which a file may bring new records along: those that its codes refer to, and that it can fill."""
    header = header_of(file)
    filled = [column for column in dataset.columns if column.name in suggested(dataset, header)]
    names = dict.fromkeys(code_space(space).dataset for column in filled for space in column.refers)
    return [
        one
        for name in names
        if (one := dataset_named(name))
        and name != dataset.name
        and can_load(by, one)
        and not missing(one, suggested(one, header))
    ]


def brings(file: ImportFile, dataset: Dataset, other: Dataset, whole: Collection[str]) -> bool:
    """Whether to suggest taking another dataset along: the file tells enough of it, or nothing of it is known yet
    and no file of the batch (``whole``) brings it."""
    header = header_of(file)
    own, further = (_columns(suggested(one, header)) for one in (dataset, other))
    unknown = other.name not in whole and not other.model._default_manager.exists()
    return len(further - own) >= TELLING or unknown


def _columns(sources: Sources) -> set[str]:
    return {source["from"] for source in sources.values() if "from" in source}


def match_columns(*, batch: ImportBatch, by: User, sources: Mapping[int, Sources]) -> None:
    """Keep where each file's columns come from, remember it for files of the same names, and check the batch.

    ``sources`` by file. Raises NotAllowed for others than who sent the files, WrongState where the batch is loaded
    or being worked on, InvalidInput where a file has no dataset or a column that must be filled no source.
    """
    require_open(batch, by)
    files = list(batch.files.all())
    for file in files:
        _require_matched(file, sources.get(file.pk, file.sources), by)
    with transaction.atomic():
        for file in files:
            file.sources = sources.get(file.pk, file.sources)
            file.save(update_fields=["sources"])
            _remember(file, by)
        record_act(
            by=by,
            act="match columns",
            subject=str(batch),
            detail={"files": [file.file_name for file in files]},
        )
        request_check(batch=batch, by=by)


def require_open(batch: ImportBatch, by: User) -> None:
    """Raises NotAllowed or WrongState where a person may not match the files of a batch now."""
    require(can_handle(by, batch), "Only who uploaded this batch, or the process owner, matches its columns.")
    if batch.state not in OPEN_STATES:
        raise WrongState(
            f"The columns cannot be matched now: the files are {batch.get_state_display().lower()}."
        )


def _require_matched(file: ImportFile, sources: Sources, by: User) -> None:
    dataset = dataset_named(file.dataset)
    if dataset is None:
        raise InvalidInput(f"Say first what {file.file_name} holds.")
    require(can_load(by, dataset), f"Your role does not load {dataset.label.lower()}.")
    sources = sources or same_names(dataset, header_of(file))
    if lost := missing(dataset, sources):
        raise InvalidInput(
            f"{file.file_name}, {dataset.label.lower()}: say where {', '.join(lost)} "
            f"come{'s' if len(lost) == 1 else ''} from, a column of the file or a text for every row."
        )


def _remember(file: ImportFile, by: User) -> None:
    if file.sources:
        ColumnMatch.objects.update_or_create(
            stem=stem_of(file.file_name),
            dataset=file.dataset,
            defaults={"sources": file.sources, "along": file.along, "by": by},
        )
