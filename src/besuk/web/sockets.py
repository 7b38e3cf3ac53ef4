"""Where WebSockets go: the door and the control sockets. Everything else is a page."""

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.core.handlers.asgi import ASGIHandler


def build(pages: ASGIHandler) -> ProtocolTypeRouter:
    """The ASGI application. A socket from another origin is refused before anything is asked."""
    from besuk.web.door.routes import routes

    sockets = AllowedHostsOriginValidator(SessionMiddlewareStack(URLRouter(routes)))
    return ProtocolTypeRouter({"http": pages, "websocket": sockets})
