"""What every test stands on: a home of its own, one of two databases, a steady hypothesis, and the cast.

It stands at the top so that `pytest jiugong/registry` finds it too, and it runs before Django reads its settings.

    JIUGONG_TEST_DATABASE=sqlite (default) | postgresql     the store under test
    CI=1                                                    hypothesis draws the same examples every time
"""

import atexit
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import database
from tests.installed import a_home

WITHOUT_A_DATABASE = ("jiugong/lib", "jiugong/policy")     # rooms that know no table: each of their tests is `pure`
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")     # as tools/system-packages.sh


def _prepare_environment() -> None:
    """Done once, by the process that starts the tests; its xdist workers inherit the environment."""
    for name in [name for name in os.environ if name.startswith("JIUGONG_") and not name.startswith("JIUGONG_TEST_")]:
        del os.environ[name]                           # a developer's own installation is not under test
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)    # each `jiugong` that is started would compile the whole house again
    home = tempfile.mkdtemp(prefix="jiugong-tests-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (Path(home) / "static").mkdir()                    # where `jiugong serve` collects files; whitenoise looks for it
    os.environ |= {"JIUGONG_HOME": home, "JIUGONG_SECRET_KEY": token_hex(32), "JIUGONG_SIGN_IN_SECONDS": "0",
                   "JIUGONG_WORKER": "never",          # whoever tests the worker starts it
                   "DJANGO_SETTINGS_MODULE": "jiugong.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    store = os.environ.get("JIUGONG_TEST_DATABASE", "sqlite")
    if store == "postgresql":
        os.environ["JIUGONG_DATABASE_URL"] = database.start()
    elif store != "sqlite":
        raise pytest.UsageError(f"JIUGONG_TEST_DATABASE is {store!r}; it can be sqlite or postgresql.")


def _open_the_house() -> None:
    import django

    django.setup()
    from django.conf import settings

    from jiugong.accounts.backends import HERE, IN_A_DEMONSTRATION
    from jiugong.lib import secrets

    if worker := os.environ.get("PYTEST_XDIST_WORKER"):                               # a test that turns the keys turns its own
        settings.KEY_RING_FILE = settings.KEY_RING_FILE.with_name(f"key-ring-{worker}.json")
        secrets.keep_keys_in(settings.KEY_RING_FILE)
    if not settings.KEY_RING_FILE.exists():
        secrets.write_ring(secrets.fresh_ring(), settings.KEY_RING_FILE)
    settings.AUTHENTICATION_BACKENDS = [IN_A_DEMONSTRATION, HERE]                     # `force_login` takes the first: in full
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]     # slow ones are Django's to test
    _walk_through_static_files_once()


def _walk_through_static_files_once() -> None:
    """A server does so when it starts. Each `Client` has middleware of its own, and would do so for its first page."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    walk, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files(self: WhiteNoiseMiddleware) -> None:
        said = (self.static_prefix, self.max_age, self.allow_all_origins, self.charset)
        if said not in found:
            walk(self)
            found[said] = dict(self.files)
        self.files.update(found[said])

    WhiteNoiseMiddleware.add_files_from_finders = add_files


if "PYTEST_XDIST_WORKER" not in os.environ:
    _prepare_environment()
_open_the_house()

hypothesis_settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.groundwork", "tests.cast"]


def pytest_itemcollected(item: pytest.Item) -> None:
    if any(Path(__file__).parent / room in item.path.parents for room in WITHOUT_A_DATABASE):
        item.add_marker("pure")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first, so that no worker is left alone with it at the end: whole files are handed out, in this order."""
    sizes = Counter(item.path for item in items)
    emptying = {item.path for item in items if _empties_its_database(item)}     # as pytest-django would have it: last
    of_the_house, browsers = Path(__file__).parent / "tests", Path(__file__).parent / "tests" / "browser"

    def order(item: pytest.Item) -> tuple[bool, bool, bool, int, str]:
        return (item.path in emptying, browsers not in item.path.parents, of_the_house not in item.path.parents,
                -sizes[item.path], str(item.path))

    items.sort(key=order)


def _empties_its_database(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture
def home_of_its_own(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh installation, for tests that run `jiugong` as a process of its own."""
    return a_home(tmp_path)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium, for Playwright's `executable_path`."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "No Chromium here. `make test` installs one; or run tools/system-packages.sh test."
    return found
