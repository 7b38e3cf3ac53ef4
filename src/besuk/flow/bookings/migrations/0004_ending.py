"""A unit that comes back says itself whether the two go first: what `Owed` said moves into that row."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def move_owed(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Owed turns go into the row of the unit; what was concluded before officers confirmed counts as confirmed."""
    entries, owed = apps.get_model("bookings", "LedgerEntry"), apps.get_model("bookings", "Owed")
    for one in owed.objects.order_by("pk"):
        row = entries.objects.filter(visit_id=one.visit_id, kind="returned", units=1, tie__isnull=False)
        row.update(goes_first=True, settled_at=one.settled_at)
    apps.get_model("bookings", "Visit").objects.filter(state="concluded").update(confirmed_at=F("ended_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0001_initial"),
        ("bookings", "0003_sensitive"),
        ("facilities", "0002_service_stop"),
        ("kernel", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerentry",
            name="goes_first",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="minutes",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("used", "Used"),
                    ("returned", "Returned"),
                    ("spent", "Spent"),
                    ("forgiven", "Forgiven"),
                    ("adjusted", "Adjusted"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(move_owed, migrations.RunPython.noop),
    ]
