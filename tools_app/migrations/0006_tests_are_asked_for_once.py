from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tools_app", "0005_presumed_side_effects")]

    operations = [
        migrations.AddField(
            model_name="tooltrial",
            name="request_key",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddConstraint(
            model_name="tooltrial",
            constraint=models.UniqueConstraint(
                fields=("agent_tool", "request_key"), name="test_of_one_request"
            ),
        ),
    ]
