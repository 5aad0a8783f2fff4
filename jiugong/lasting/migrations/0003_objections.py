
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lasting', '0002_endings_and_erasures'),
        ('registry', '0004_end_units_and_keep_what_a_file_did'),
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('client_id', models.CharField(max_length=80)),
                ('purpose', models.CharField(max_length=20)),
                ('text', models.CharField(max_length=1000)),
                ('written_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('granted', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=80)),
                ('answered_by_name', models.CharField(blank=True, max_length=80)),
                ('park', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='registry.park')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(fields=['park', 'written_at'], name='objection_by_time')],
                'constraints': [models.UniqueConstraint(fields=('park', 'number'), name='objection_numbered_once'), models.UniqueConstraint(fields=('park', 'client_id'), name='objection_written_once'), models.CheckConstraint(condition=models.Q(('granted', None), models.Q(('answer', ''), _negated=True), _connector='OR'), name='objection_answered_with_a_reason', violation_error_message='An objection is answered with a reason.')],
            },
        ),
    ]
