"""A database of an older version stops being asked for a task that is no more."""

from importlib import import_module

from django.apps import apps
from django_celery_beat.models import IntervalSchedule, PeriodicTask


def test_old_task_is_forgotten_and_others_stay(db: None) -> None:
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    for name in ("sync_tools", "check_mcp_servers"):
        task = f"tools_app.tasks.{name}"
        PeriodicTask.objects.create(name=name, task=task, interval=hourly)
    import_module("tools_app.migrations.0003_forget_sync_tools").forget(apps, None)
    assert [task.name for task in PeriodicTask.objects.all()] == ["check_mcp_servers"]
