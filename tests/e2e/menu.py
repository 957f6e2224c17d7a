"""Every page that a person reaches by the menu, and those behind them."""

PAGES = {
    "": ["/accounts/login/", "/accounts/password/reset/", "/nowhere/"],
    "marketing": [
        "/",
        "/requests/",
        "/requests/views/",
        "/requests/new/",
        "/search/?q=newsletter",
        "/search/?q=xyzzyq",
        "/inbox/",
        "/digests/",
        "/demo/mail/",
        "/people/me/",
        "/people/me/tokens/",
        "/accounts/password/change/",
        "/settings/",
    ],
    "it.lead": [
        "/triage/",
        "/boards/",
        "/boards/crm-platform/",
        "/requests/104/",
        "/requests/104/forecast/",
        "/forecasts/",
        "/teams/",
        "/teams/crm-platform/",
        "/goals/",
        "/goals/1/",
        "/goals/1/edit/",
        "/people/",
    ],
    "admin": [
        "/settings/",
        "/settings/company/",
        "/settings/people/",
        "/settings/teams/",
        "/settings/touchpoints/",
        "/settings/invitations/",
        "/teams/new/",
    ],
}
# Drawn by others: Django's tables and the API's reader.
FOREIGN = {"admin": ["/admin/", "/admin/requests_app/request/", "/api/v1/docs/"]}
