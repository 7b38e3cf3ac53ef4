"""The one page-like address of the door; its WebSockets are in `routes.py`."""

from django.urls import URLPattern, path

from besuk.web.door import validate

urlpatterns: list[URLPattern] = [
    path("<str:participation>/voice/rtc/v1/validate", validate.may_try_again, name="door_validate_voice"),
    path("<str:participation>/rtc/v1/validate", validate.may_try_again, name="door_validate"),
]
