"""The application's own settings, with files in a temporary folder and cheap passwords."""

import atexit
import os
import shutil
import tempfile

# Set before the settings are read, so that no test touches the var/ folder of a running installation.
if not os.environ.get("SOP_VAR_DIR"):
    os.environ["SOP_VAR_DIR"] = tempfile.mkdtemp(prefix="sop-tests-")
    atexit.register(shutil.rmtree, os.environ["SOP_VAR_DIR"], ignore_errors=True)

from sop.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A cache per test process, which each test may empty.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A kept connection of a server thread would bar the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# Hashed names need collected files; pages under test link the plain ones.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": {"anon": "100000/min", "user": "100000/min"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
