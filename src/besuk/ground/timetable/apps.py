from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "besuk.ground.timetable"
    label = "timetable"
