"""Settings, one file per need. Every value that differs between installations comes from the environment."""

from sop.settings.api import *
from sop.settings.auth import *
from sop.settings.base import *
from sop.settings.celery import *
from sop.settings.database import *
from sop.settings.logging import *
from sop.settings.security import *
