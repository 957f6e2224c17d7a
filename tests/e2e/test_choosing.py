"""What fits is offered while one types; what is typed counts."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Visit


def test_teams_that_fit_are_offered_while_one_types(visit: Visit) -> None:
    visitor = visit("marketing.lead")
    visitor.open("/requests/new/")
    field = visitor.page.locator("[name=serving_team]")
    field.press_sequentially("crm")
    expect(field).to_have_attribute("list", re.compile("^choices-"))
    offered = visitor.page.locator(f"#{field.get_attribute('list')} option")
    expect(offered).to_have_count(1)
    expect(offered.first).to_have_attribute("value", "CRM-Plattform")
    field.fill("nobody is called this")
    expect(offered).to_have_count(0)


def test_people_are_offered_in_the_dialog_of_a_step_too(visit: Visit) -> None:
    visitor = visit("it.lead")
    visitor.open("/requests/?status=ready&team=CRM-Plattform")
    visitor.page.locator("table.list td a").first.click()
    visitor.page.locator(".other-steps > summary").click()
    visitor.press("Assign")
    field = visitor.page.locator("dialog [name=it_owner]")
    field.fill("@demo")
    expect(field).to_have_attribute("list", re.compile(r"choices-\d+"))
    offered = visitor.page.locator(f"#{field.get_attribute('list')} option")
    expect(offered.first).to_be_attached()


def test_a_list_is_filtered_by_a_teams_name(visit: Visit) -> None:
    visitor = visit("it.lead")
    visitor.open("/requests/")
    field = visitor.page.locator(".filters [name=team]")
    field.fill("CRM-Plattform")
    field.press("Enter")
    expect(visitor.page.locator(".filter-set b")).to_have_text("CRM-Plattform")
    expect(visitor.page.locator(".filters [name=team]")).to_have_value("CRM-Plattform")
