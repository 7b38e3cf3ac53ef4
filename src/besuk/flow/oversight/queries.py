"""Reading what oversight keeps."""

from besuk.flow.live.models import Call
from besuk.flow.oversight.models import Support
from besuk.ground.kernel.actor import Actor


def support_state(call: Call | None, actor: Actor) -> str:
    """How far the newest request for support by `actor` about this call has come; "" when there is none."""
    mine = Support.objects.filter(call=call, by_subject=actor.subject).order_by("-pk")
    return mine.values_list("state", flat=True).first() or ""
