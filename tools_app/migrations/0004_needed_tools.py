import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("tools_app", "0003_forget_sync_tools")]

    operations = [
        migrations.AlterField(
            model_name="agenttool",
            name="platform_tool",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="agent_tools",
                to="tools_app.platformtool",
            ),
        ),
    ]
