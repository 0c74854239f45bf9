import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telephony_app', '0004_outgoing'),
    ]

    operations = [
        migrations.AddField(
            model_name='callingpolicy',
            name='recordings_days',
            field=models.PositiveIntegerField(default=90, validators=[django.core.validators.MinValueValidator(1)], verbose_name='Days that recordings are kept'),
        ),
        migrations.AddField(
            model_name='twilioaccount',
            name='keeps_recordings',
            field=models.BooleanField(default=False, verbose_name='Recordings stay at Twilio'),
        ),
        migrations.AddField(
            model_name='twilioaccount',
            name='transfers_by_refer',
            field=models.BooleanField(default=False, verbose_name='Transfer by SIP REFER'),
        ),
    ]
