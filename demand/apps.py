from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "demand"
    verbose_name = "Demand"

    def ready(self) -> None:
        from demand import plug_in

        plug_in.plug_in()
