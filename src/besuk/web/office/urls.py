"""The office of the head of prison and those who oversee."""

from django.urls import URLPattern, path

from besuk.web.office import audit, board, complaints, look, support, visit

urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="office_board"),
    path("visits/<str:ref>/", visit.visit, name="office_visit"),
    path("calls/<str:ref>/look/", look.look, name="office_look"),
    path("complaints/", complaints.complaints, name="office_complaints"),
    path("complaints/<str:ref>/", complaints.complaint, name="office_complaint"),
    path("support/", support.support, name="office_support"),
    path("support/<str:ref>/", support.support_one, name="office_support_one"),
    path("audit/", audit.audit, name="office_audit"),
    path("audit/verify/", audit.verify, name="office_audit_verify"),
]
