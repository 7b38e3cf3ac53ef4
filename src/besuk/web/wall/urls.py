"""The wall of a supervisor."""

from django.urls import URLPattern, path

from besuk.web.wall import acts, just_ended, papers, stop, wall

urlpatterns: list[URLPattern] = [
    path("", wall.wall, name="wall"),
    path("stop-all", stop.stop_all, name="wall_stop_all"),
    path("reopen", stop.reopen, name="wall_reopen"),
    path("ended", just_ended.just_ended, name="wall_ended"),
    path("ended/<str:ref>", just_ended.confirm, name="wall_confirm"),
    path("calls/<str:ref>/photo/", papers.inmate_photo, name="wall_photo"),
    path("calls/<str:ref>/document/", papers.visitor_document, name="wall_document"),
    path("attention", acts.duty, {"duty": "attention"}, name="wall_attention"),
    path("shift/start", acts.duty, {"duty": "shift_start"}, name="wall_shift_start"),
    path("shift/end", acts.duty, {"duty": "shift_end"}, name="wall_shift_end"),
    path("handover/offer", acts.duty, {"duty": "handover_offer"}, name="wall_handover_offer"),
    path("handover/accept", acts.duty, {"duty": "handover_accept"}, name="wall_handover_accept"),
    path("handover/decline", acts.duty, {"duty": "handover_decline"}, name="wall_handover_decline"),
    path("handover/withdraw", acts.duty, {"duty": "handover_withdraw"}, name="wall_handover_withdraw"),
    path("calls/<str:ref>/<str:act>", acts.act, name="wall_act"),
]
