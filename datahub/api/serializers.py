"""What the API says about batches."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from datahub.actions.folders import first_errors
from datahub.models import ImportBatch, ImportFile
from datahub.permissions import can_see_content


class ImportFileSerializer(serializers.ModelSerializer[ImportFile]):
    class Meta:
        model = ImportFile
        fields = ["file_name", "dataset", "row_count", "new_count", "changed_count", "error_count", "notes"]


class ImportBatchSerializer(serializers.ModelSerializer[ImportBatch]):
    """A batch with its files; row errors for those who may see its rows."""

    files = ImportFileSerializer(many=True, read_only=True)
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # the name that refusals use, too

    class Meta:
        model = ImportBatch
        fields = ["id", "state", "message", "created_at", "committed_at", "run", "files", "errors"]

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_errors(self, batch: ImportBatch) -> list[dict[str, Any]]:
        user = self.context["request"].user
        return first_errors(batch) if batch.state == "rejected" and can_see_content(user, batch) else []


class UploadSerializer(serializers.Serializer[Any]):
    """Files of one batch, named like their templates."""

    files = serializers.ListField(child=serializers.FileField(), allow_empty=False, max_length=100)
