"""The web application: pages by Django, the door and the control sockets by Channels."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "besuk.config.settings")
django.setup()

from besuk.web.shared.uploads import Pages  # noqa: E402  needs the apps to be loaded
from besuk.web.sockets import build  # noqa: E402

application = build(Pages())
