"""Sending files, looking at what they would change, loading them."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.month.desk import RUN_PATIENCE_MS, Desk


def send_files(desk: Desk, files: list[Path]) -> None:
    desk.open("/data/")
    desk.page.locator("#files").set_input_files(files)
    desk.press("Check the files")
    desk.wait_for_runs()


def load_files(desk: Desk, files: list[Path]) -> None:
    """The preview names every file; then everything is loaded at once."""
    send_files(desk, files)
    desk.sees("These files can be loaded")
    for file in files:
        expect(desk.page.get_by_role("region", name="Files of this load")).to_contain_text(file.name)
    desk.keep("load-preview")
    desk.press("Load everything")
    desk.wait_for_runs()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(
        "These files are loaded", timeout=RUN_PATIENCE_MS
    )


def all_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith((".csv", ".csv.gz")))
