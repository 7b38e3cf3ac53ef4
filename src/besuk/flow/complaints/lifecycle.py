"""A complaint from filing to answer."""

from besuk.ground.kernel.lifecycle import Lifecycle, move

COMPLAINT = Lifecycle(name="complaint", initial=("open",), moves={"answer": move("open", to="answered")})
