"""Who may load which data, see failed loads, and waive issues."""

from cycles.choices import Role
from cycles.models import User
from datahub.models import DataOwner, ImportBatch
from datahub.registry import Dataset, dataset_named


def can_see_data(user: User) -> bool:
    """Content of files, issues and templates: everybody who plans."""
    return user.has_role(*Role.planning())


def can_load(user: User, dataset: Dataset) -> bool:
    """The process owner loads everything; others what their role, or they themselves, own."""
    if user.has_role(Role.PROCESS_OWNER):
        return True
    owner = DataOwner.objects.filter(dataset=dataset.name).first()
    if owner and owner.user_id == user.pk:
        return True
    return user.has_role(Role(owner.role) if owner else dataset.role)


def can_upload(user: User) -> bool:
    """Whether there may be anything that this person loads."""
    return user.has_role(*(Role.planning() - {Role.SPONSOR}))


def can_handle(user: User, batch: ImportBatch) -> bool:
    """Load or drop a batch: who uploaded it, and the process owner."""
    return user.has_role(Role.PROCESS_OWNER) or batch.by_id == user.pk


def can_waive_issues(user: User) -> bool:
    """Only the process owner sets an issue aside."""
    return user.has_role(Role.PROCESS_OWNER)


def can_see_content(user: User, batch: ImportBatch) -> bool:
    """Cells of a batch may hold costs: its uploader, the process owner, and who could have loaded all of it."""
    if can_handle(user, batch):
        return True
    names = [file.dataset for file in batch.files.all()]
    known = [dataset for dataset in map(dataset_named, names) if dataset]
    return bool(known) and can_see_data(user) and all(can_load(user, dataset) for dataset in known)
