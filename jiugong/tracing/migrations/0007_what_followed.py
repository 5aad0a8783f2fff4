from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracing", "0006_sent_reports")]
    operations = [migrations.RenameField(model_name="returned", old_name="verdict", new_name="outcome")]
