"""What everybody reaches, and the ways in. One address a line: several people add here."""

from django.urls import URLPattern, path

from besuk.web.public import demo, facility, health, inbox, language, sign_in, staff_self, staff_sign_in

urlpatterns: list[URLPattern] = [
    path("", facility.home, name="home"),
    path("f/<slug:code>/", facility.facility_page, name="facility"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/person/", sign_in.choose_person, name="choose_person"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("inbox/", inbox.visitor_inbox, name="visitor_inbox"),
    path("staff/sign-in/", staff_sign_in.staff_sign_in, name="staff_sign_in"),
    path("staff/second-factor/", staff_sign_in.second_factor, name="second_factor"),
    path("staff/second-factor/new/", staff_sign_in.enrol_factor, name="enrol_factor"),
    path("staff/switch/", staff_sign_in.switch_staff, name="switch_staff"),
    path("staff/sign-out/", staff_sign_in.staff_sign_out, name="staff_sign_out"),
    path("staff/inbox/", staff_self.staff_inbox, name="staff_inbox"),
    path("staff/pin/", staff_self.staff_pin, name="staff_pin"),
    path("staff/computer/", staff_self.pair_computer, name="pair_computer"),
    path("language/", language.set_language, name="set_language"),
    path("health/", health.health, name="health"),
    path("demo/", demo.start, name="demo"),
    path("demo/visits/", demo.visits, name="demo_visits"),
    path("demo/enter/<slug:window>/", demo.enter, name="demo_enter"),
    path("demo/another/", demo.another, name="demo_another"),
]
