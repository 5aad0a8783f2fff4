
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('path', models.CharField(max_length=500)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=80)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.BigIntegerField()),
                ('key', models.CharField(max_length=16)),
                ('has_keys', models.BooleanField(default=False)),
                ('erased_at', models.DateTimeField(null=True)),
                ('erased_because', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='backup_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Drill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('seconds', models.FloatField()),
                ('passed', models.BooleanField()),
                ('found', models.JSONField(default=dict)),
                ('backup', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drills', to='lasting.backup')),
            ],
        ),
    ]
