from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_ending")]

    operations = [
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="one_unit_per_visit_and_kind",
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["used", "returned", "spent", "forgiven"])),
                fields=("visit", "kind"),
                name="one_unit_per_visit_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "returned"), _negated=True),
                    models.Q(("goes_first", False), ("minutes__gte", 0), ("units", 0)),
                    models.Q(("minutes__lte", 0), ("units", 1)),
                    _connector="OR",
                ),
                name="a_loss_is_repaid_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("goes_first", False),
                    models.Q(("kind", "returned"), ("tie__isnull", False), ("units", 1)),
                    _connector="OR",
                ),
                name="going_first_is_part_of_a_return",
            ),
        ),
        migrations.DeleteModel(name="Owed"),
    ]
