from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tools_app", "0004_needed_tools")]

    operations = [
        migrations.AddField(
            model_name="toolfunction",
            name="is_presumed",
            field=models.BooleanField(default=False),
        ),
    ]
