"""The web application: pages by Django, the door and the control sockets by Channels."""

import os

import django
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
django.setup()

from besuk.web.sockets import build  # noqa: E402  needs the apps to be loaded

application = build(get_asgi_application())
