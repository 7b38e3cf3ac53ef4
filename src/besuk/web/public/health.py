"""Whether this process can work, for whoever watches over it."""

from importlib.metadata import version

from django.db import DatabaseError, connection
from django.http import HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from besuk.ground.accounts.capabilities import ANYONE
from besuk.ground.kernel.models import OutboxMessage
from besuk.web.shared.access import Asked, needs


@require_safe
@never_cache
@needs(ANYONE)
def health(request: Asked) -> HttpResponseBase:
    """JSON: `ok`, the version, the database. 503 when the database is away. Says nothing about people."""
    release = version("besuk")
    try:
        connection.ensure_connection()
        dead = OutboxMessage.objects.filter(dead_at__isnull=False).count()
    except DatabaseError:
        return JsonResponse({"ok": False, "version": release, "database": "away"}, status=503)
    return JsonResponse({"ok": True, "version": release, "database": "there", "undeliverable": dead})
