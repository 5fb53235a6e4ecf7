"""Pictures of every page in both themes; each kind of page is looked at for accessibility once in a test run."""

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES = ("light", "dark")
# Looking takes seconds: what one company's page has shown need not be looked at on the other's.
EXAMINED: set[str] = set()
# Charts and the planning grid are drawn by script after the page is there.
IS_DRAWN = """() => [...document.querySelectorAll('[data-chart]')].every(
        place => place.querySelector('.main-svg, [role=alert]') || !place.offsetParent)
    && [...document.querySelectorAll('[data-plan-grid]')].every(place => place.planGrid?.model.rows.length > 0)"""


@dataclass
class Album:
    folder: Path
    violations: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def keep(self, page: Page, name: str, *, phone: bool = False) -> None:
        """Takes the page in light and dark, the first time that it is shown."""
        name = f"{name}-phone" if phone else name
        if name in self.names:
            return
        self.names.add(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_function(IS_DRAWN)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=self.folder / f"{name}-{scheme}.png", full_page=True)
            if name not in EXAMINED:
                self._examine(page, f"{name}, {scheme}")
        EXAMINED.add(name)
        page.emulate_media(color_scheme="light")

    def _examine(self, page: Page, what: str) -> None:
        found = Axe().run(page)
        if found.violations_count:
            self.violations.append(f"{what}:\n{found.generate_report()}")
