"""The wall of a supervisor."""

from django.urls import URLPattern, path

from besuk.web.wall import acts, papers, stop, wall

urlpatterns: list[URLPattern] = [
    path("", wall.wall, name="wall"),
    path("stop-all", stop.stop_all, name="wall_stop_all"),
    path("reopen", stop.reopen, name="wall_reopen"),
    path("calls/<str:ref>/photo/", papers.inmate_photo, name="wall_photo"),
    path("calls/<str:ref>/document/", papers.visitor_document, name="wall_document"),
    path("shift/start", acts.shift_start, name="wall_shift_start"),
    path("shift/end", acts.shift_end, name="wall_shift_end"),
    path("attention", acts.attention, name="wall_attention"),
    path("calls/<str:ref>/<str:act>", acts.act, name="wall_act"),
]
