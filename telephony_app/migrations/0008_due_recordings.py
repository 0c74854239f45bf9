from django.db import migrations, models


def tell_due(apps, schema_editor):
    """What was not fetched yet, or could not be."""
    recordings = apps.get_model('telephony_app', 'Recording').objects
    of_twilio = recordings.filter(source='twilio')
    of_twilio.filter(models.Q(file='') | ~models.Q(problem='')).update(is_due=True)


class Migration(migrations.Migration):

    dependencies = [
        ('telephony_app', '0007_checked'),
    ]

    operations = [
        migrations.AddField(
            model_name='recording',
            name='is_due',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(tell_due, migrations.RunPython.noop, elidable=True),
    ]
