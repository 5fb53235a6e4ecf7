"""The shell and the shared parts: in both themes, on a phone, by keyboard, under the strict content policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def parts(page: Page) -> Page:
    page.goto("/parts/")
    page.wait_for_selector("#chart-bars .main-svg")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/parts/")
    page.wait_for_selector("#chart-bars .main-svg")
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_a_phone_scrolls_one_way_and_opens_the_stages(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/parts/")
    page.wait_for_selector("#chart-bars .main-svg")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    link = page.get_by_role("link", name="KPIs", exact=True)
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Stages").click()
    expect(link).to_be_visible()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


@pytest.mark.parametrize("path", ["/parts/", "/grid/"])
def test_nothing_needs_an_inline_style_or_script(page: Page, path: str) -> None:
    refused: list[str] = []
    page.on(
        "console", lambda told: refused.append(told.text) if "Content Security Policy" in told.text else None
    )
    page.goto(path)
    page.wait_for_selector(".main-svg")
    page.locator(".main-svg").first.hover(force=True)
    page.wait_for_timeout(300)
    assert refused == []


def test_the_theme_is_switched_kept_and_the_charts_follow(parts: Page) -> None:
    def line() -> str:
        return parts.eval_on_selector("#chart-lines .xtick text", "text => getComputedStyle(text).fill")

    before = line()
    with parts.expect_request("**/cycle/theme/") as sent:
        parts.get_by_role("button", name="Switch between light and dark").click()
    assert sent.value.method == "POST"
    assert "theme=dark" in (sent.value.post_data or "")
    assert parts.evaluate("document.documentElement.dataset.theme") == "dark"
    parts.wait_for_timeout(400)
    assert line() != before


def test_control_k_goes_to_the_search_field(parts: Page) -> None:
    parts.keyboard.press("Control+k")
    assert parts.evaluate("document.activeElement.name") == "q"


def test_the_skip_link_comes_first_and_leads_to_the_page(parts: Page) -> None:
    parts.keyboard.press("Tab")
    assert parts.evaluate("document.activeElement.className") == "skip"
    parts.keyboard.press("Enter")
    assert parts.evaluate("document.activeElement.id") == "main"


def test_menus_close_with_escape_and_give_the_focus_back(parts: Page) -> None:
    summary = parts.get_by_label("Your account")
    summary.click()
    expect(parts.get_by_role("button", name="Sign out")).to_be_visible()
    parts.keyboard.press("Escape")
    expect(parts.get_by_role("button", name="Sign out")).to_be_hidden()
    assert parts.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_heat_table_is_one_tab_stop_and_moves_by_arrows(parts: Page) -> None:
    table = parts.get_by_role("grid", name="Load of resources")
    assert table.locator("td[tabindex='0']").count() == 1
    table.locator("td[tabindex='0']").focus()
    parts.keyboard.press("ArrowDown")
    parts.keyboard.press("End")
    chosen = table.locator("td[aria-selected='true']")
    assert (chosen.get_attribute("data-row"), chosen.get_attribute("data-column")) == ("1", "5")


def test_a_run_asks_for_itself_until_it_ends(parts: Page) -> None:
    expect(parts.locator("#run-1 .end")).to_contain_text("60 %", timeout=5000)


def test_an_act_that_needs_a_reason_asks_for_it(parts: Page) -> None:
    parts.get_by_role("button", name="Re-open").click()
    dialog = parts.get_by_role("dialog", name="Re-open")
    expect(dialog).to_contain_text("Later stages are marked out of date")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()


def test_a_button_that_cannot_be_pressed_says_why(parts: Page) -> None:
    button = parts.get_by_role("button", name="Submit supply plan")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description("One gap has no answer.")


def test_a_field_that_is_wrong_names_its_error(parts: Page) -> None:
    field = parts.get_by_label("Name", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("As the others see it. This field is required.")


def test_a_failed_fragment_is_told_in_words(parts: Page) -> None:
    parts.evaluate("htmx.ajax('GET', '/nowhere', {target: '#main', swap: 'none'})")
    expect(parts.get_by_role("region", name="Messages")).to_contain_text("There is nothing here.")


def test_a_lost_connection_is_told(parts: Page) -> None:
    parts.context.set_offline(True)
    expect(parts.get_by_text("No connection.")).to_be_visible()
    parts.context.set_offline(False)
    expect(parts.get_by_text("No connection.")).to_be_hidden()


def test_printed_charts_scale_with_the_paper(parts: Page) -> None:
    box = parts.eval_on_selector("#chart-lines .main-svg", "svg => svg.getAttribute('viewBox')")
    assert box.startswith("0 0 ")
    parts.emulate_media(media="print")
    drawing = parts.locator("#chart-lines .main-svg").first.bounding_box()
    card = parts.locator(".card:has(#chart-lines)").bounding_box()
    assert drawing["height"] > 150
    assert drawing["width"] <= card["width"]
    expect(parts.locator(".top")).to_be_hidden()
    expect(parts.locator(".decide")).to_be_hidden()
