from django.apps import AppConfig


class ExecutiveConfig(AppConfig):
    name = "executive"
    verbose_name = "Executive review"
