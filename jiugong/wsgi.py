"""The house as any WSGI server can serve it. `jiugong serve` puts `jiugong/front.py` before it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
application = get_wsgi_application()
