"""The house as any WSGI server can serve it. `jiugong serve` puts `jiugong/front.py` before it."""

import logging
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiugong.settings")
application = get_wsgi_application()


def warm() -> None:
    """Where somebody may be traced, the first question does not wait until what answers it is loaded: beside everything else."""
    threading.Thread(target=_warm_the_history, name="history", daemon=True).start()


def _warm_the_history() -> None:
    from django.db import connection

    from jiugong.tracing.queries import history

    try:
        if history.is_there():
            history.warm()
    except Exception:                                   # without tables, or without a store: the house says so elsewhere
        logging.getLogger("jiugong.history").warning("not warmed", exc_info=True)
    finally:
        connection.close()
