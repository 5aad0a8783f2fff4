from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_badge_tries'),
    ]

    operations = [
        migrations.AddField(
            model_name='unit',
            name='since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='unit',
            name='until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='taken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='told',
            field=models.JSONField(null=True),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), ('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='unit_in_order', violation_error_message='The end of a dated entry lies before its beginning.'),
        ),
    ]
