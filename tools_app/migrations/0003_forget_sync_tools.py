"""Beat keeps a row for each task it was ever told of: of one that is no more, it sends
what no worker knows."""

from django.db import migrations


def forget(apps, schema_editor):
    PeriodicTask = apps.get_model("django_celery_beat", "PeriodicTask")
    PeriodicTask.objects.filter(task="tools_app.tasks.sync_tools").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("tools_app", "0002_looked_at"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
