
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lasting', '0001_backups'),
        ('registry', '0004_end_units_and_keep_what_a_file_did'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ended_on', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('proposed_by', models.CharField(max_length=80)),
                ('proposed_by_name', models.CharField(max_length=80)),
                ('proposed_at', models.DateTimeField()),
                ('confirmed_by', models.CharField(blank=True, max_length=80)),
                ('confirmed_by_name', models.CharField(blank=True, max_length=80)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('park', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endings', to='registry.park')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('park',), name='ending_one_at_a_time'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), models.Q(('confirmed_by_name', models.F('proposed_by_name')), _negated=True), _connector='OR'), name='ending_by_two', violation_error_message='Two different people end an emergency.')],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stage', models.CharField(choices=[('proposed', 'Proposed'), ('withdrawn', 'Withdrawn'), ('released', 'Released, being done'), ('done', 'Done')], default='proposed', max_length=12)),
                ('listed', models.JSONField()),
                ('list_sha256', models.CharField(max_length=64)),
                ('proposed_by', models.CharField(max_length=80)),
                ('proposed_by_name', models.CharField(max_length=80)),
                ('proposed_at', models.DateTimeField()),
                ('released_by', models.CharField(blank=True, max_length=80)),
                ('released_by_name', models.CharField(blank=True, max_length=80)),
                ('released_at', models.DateTimeField(null=True)),
                ('auditor', models.CharField(blank=True, max_length=120)),
                ('steps', models.JSONField(default=list)),
                ('done', models.JSONField(default=dict)),
                ('ended_at', models.DateTimeField(null=True)),
                ('report', models.JSONField(null=True)),
                ('park', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='registry.park')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('stage__in', ['proposed', 'released'])), fields=('park',), name='erasure_one_at_a_time'), models.CheckConstraint(condition=models.Q(('released_at', None), models.Q(('released_by_name', models.F('proposed_by_name')), _negated=True), _connector='OR'), name='erasure_by_two', violation_error_message='Two different people erase.')],
            },
        ),
    ]
