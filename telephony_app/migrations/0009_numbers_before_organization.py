import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('telephony_app', '0008_due_recordings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='phonenumber',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='phone_numbers', to='accounts.organization'),
        ),
    ]
