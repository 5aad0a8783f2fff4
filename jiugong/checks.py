"""System checks that say what to do: run by `jiugong doctor`, `jiugong setup` and before serving."""

import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from jiugong import settings as ours


@register()
def the_environment_is_readable(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Every setting has a value of its type."""
    found: list[CheckMessage] = []
    for each in ours.SETTINGS:
        text = ours.setting(each.name)
        if each.type is int and not text.isdigit():
            found.append(Error(f"{each.name} is {text!r}, which is not a whole number.",
                               hint=f"Set {each.name} to a number such as {each.default}.", id="jiugong.E001"))
        if each.type is bool and text.strip().lower() not in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
            found.append(Error(f"{each.name} is {text!r}, which is neither true nor false.",
                               hint=f"Set {each.name} to true or false.", id="jiugong.E002"))
    if settings.LANGUAGE_CODE not in dict(settings.LANGUAGES):
        found.append(Error(f"JIUGONG_LANGUAGE is {settings.LANGUAGE_CODE!r}.", hint="Set it to zh-hans or en.",
                           id="jiugong.E003"))
    try:
        ZoneInfo(settings.PARK_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        found.append(Error(f"JIUGONG_TIMEZONE is {settings.PARK_TIME_ZONE!r}, which is no time zone.",
                           hint="Set it to a name such as Asia/Shanghai.", id="jiugong.E004"))
    for name, allowed in (("JIUGONG_LOG", ("json", "text")), ("JIUGONG_WORKER", ("auto", "never"))):
        if ours.setting(name) not in allowed:
            found.append(Error(f"{name} is {ours.setting(name)!r}.", hint=f"Set it to {' or '.join(allowed)}.",
                               id="jiugong.E006"))
    for name in ("JIUGONG_BACKUP_AT", "JIUGONG_RETENTION_AT"):
        if not re.fullmatch(r"|([01]\d|2[0-3]):[0-5]\d", ours.setting(name)):
            found.append(Error(f"{name} is {ours.setting(name)!r}.",
                               hint="Set it to a time of day such as 03:20, or to nothing.", id="jiugong.E007"))
    return found


@register()
def the_home_has_its_keys(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Keys are there, and nobody else may read them or the database."""
    if not settings.KEY_RING_FILE.exists():
        return [Warning(f"There are no keys in {settings.KEYS}.", hint="Run `jiugong setup`.", id="jiugong.W001")]
    loose = [path for path in (settings.KEY_RING_FILE, settings.SECRET_KEY_FILE, settings.DATABASE_FILE)
             if path.exists() and path.stat().st_mode & 0o077]
    return [Warning(f"Others on this machine may read {path}.", hint=f"Run `chmod 600 {path}`.", id="jiugong.W002")
            for path in loose]


@register()
def a_debugging_server_is_not_for_others(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.DEBUG and not settings.DEMO and ours.setting("JIUGONG_BIND").split(":")[0] not in ("127.0.0.1", "localhost"):
        return [Error("JIUGONG_DEBUG is on while the server listens to others.",
                      hint="Unset JIUGONG_DEBUG, or bind to 127.0.0.1.", id="jiugong.E005")]
    return []
