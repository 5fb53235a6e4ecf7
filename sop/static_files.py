"""Static files under names that carry their hash, so that browsers may keep them for ever."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django has these patterns ready, but for all scripts or none.
MODULE_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Our own JavaScript modules import each other by hashed names too; packages' scripts do not."""

    patterns = (*HashedFilesMixin.patterns, ("js/*.js", MODULE_IMPORTS))
    # A file missing from the manifest keeps its plain name instead of breaking the page that links it.
    manifest_strict = False
