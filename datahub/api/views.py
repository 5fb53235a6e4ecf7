"""Endpoints of imports: they parse, call one use case and answer."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cycles.api.permissions import TakesPartInCycle
from datahub.actions.runs import request_load
from datahub.actions.uploads import drop_batch, receive_files
from datahub.api.serializers import ImportBatchSerializer, UploadSerializer
from datahub.models import ImportBatch


class ImportBatchViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Batches of import files: send, look, commit."""

    queryset = ImportBatch.objects.select_related("by", "run").prefetch_related("files")
    serializer_class = ImportBatchSerializer
    permission_classes = [TakesPartInCycle]
    filterset_fields = ["state"]

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportBatchSerializer})
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        """Stores the files and checks them in the background; look at the batch until its state is ready."""
        batch = receive_files(uploads=request.FILES.getlist("files"), by=request.user)  # type: ignore[arg-type]
        return Response(self.get_serializer(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={202: ImportBatchSerializer})
    @action(detail=True, methods=["post"])
    def commit(self, request: Request, pk: str | None = None) -> Response:
        """Loads every row of a ready batch in the background, or nothing."""
        batch = self.get_object()
        request_load(batch=batch, by=request.user)  # type: ignore[arg-type]
        return Response(self.get_serializer(batch).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={200: ImportBatchSerializer})
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str | None = None) -> Response:
        """Throws the files of a batch away."""
        batch = self.get_object()
        drop_batch(batch=batch, by=request.user)  # type: ignore[arg-type]
        batch.refresh_from_db()
        return Response(self.get_serializer(batch).data)
