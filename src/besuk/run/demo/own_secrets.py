"""Secrets of one demo, made at its first start and kept in its folder, so that a second start can read the first's."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from besuk.ground.media.server import new_secret
from besuk.run.speak import Stop


@dataclass(frozen=True)
class DemoSecrets:
    """What only this demo knows."""

    secret_key: str
    master_key: str
    media_secret: str

    def environment(self) -> dict[str, str]:
        """As settings."""
        return {"BESUK_SECRET_KEY": self.secret_key, "BESUK_MASTER_KEYS": f"demo:{self.master_key}"}


def secrets_of(directory: Path) -> DemoSecrets:
    """Those in the folder, or new ones. Raises Stop when the file there is damaged."""
    kept = directory / "secrets.json"
    if kept.exists():
        try:
            return DemoSecrets(**json.loads(kept.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise Stop(f"{kept} is damaged.", f"Remove the folder {directory} and start again.") from error
    made = DemoSecrets(secrets.token_urlsafe(50), base64.b64encode(os.urandom(32)).decode("ascii"), new_secret())
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made
