from django.db import migrations

from besuk.ground.audit.seal import seal_backwards, seal_forwards


class Migration(migrations.Migration):
    """The database refuses to change or delete log entries."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(seal_forwards, seal_backwards, elidable=False)]
