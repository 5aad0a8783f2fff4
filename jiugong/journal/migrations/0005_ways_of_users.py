import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0004_outbox_and_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='contactways', name='contact_ways_of_one'),
        migrations.RunSQL("DELETE FROM journal_contactways WHERE user_id IS NULL", migrations.RunSQL.noop),
        migrations.RemoveField(model_name='contactways', name='person'),
        migrations.AlterField(
            model_name='contactways',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contact_ways', to=settings.AUTH_USER_MODEL),
        ),
    ]
