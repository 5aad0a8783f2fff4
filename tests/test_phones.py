"""What the duty officer's page and the doctor say of the certificate."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiugong.cli import main
from jiugong.lib import certificates
from jiugong.lib.tls_files import LOCAL, Files, keep_local
from jiugong.tls import Serving
from tests.cast import Town

NAME = "pc-3.local"


@pytest.mark.django_db
def test_the_doctor_says_what_is_wrong_with_tls(
        settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def found(status: int = 0) -> str:
        assert main(["doctor", "--json"]) == status
        return capsys.readouterr().out

    settings.KEYS = tmp_path
    files, now = Files(tmp_path / "tls"), datetime.now(UTC)
    assert "W01" not in found() and "https" not in found()
    monkeypatch.setenv("JIUGONG_BIND", "0.0.0.0:8000")
    assert "--tls" in found()
    monkeypatch.setenv("JIUGONG_HTTPS", "true")
    assert "--tls" not in found()
    monkeypatch.delenv("JIUGONG_HTTPS")
    keep_local(files, [], at=now)
    assert "--tls" not in found()
    authority = certificates.make_authority("x", [], at=now - timedelta(days=600))
    for days, ended in ((391, False), (396, True)):                       # four days are left; it ended yesterday
        aged = certificates.sign(authority, ["10.9.8.7"], at=now - timedelta(days=days)).certificate
        files.served(LOCAL).write_bytes(aged)
        said = found()
        assert f"{certificates.ends_at(aged):%Y-%m-%d}" in said and ("拒绝访问" in said) is ended
    files.authority_key.chmod(0o644)
    assert "authority.key" in found()
    files.served(LOCAL).write_text("nothing")
    assert str(files.folder) in found(status=1)


@pytest.mark.django_db
def test_the_duty_officers_page_shows_the_codes_the_digits_and_the_days(
        town: Town, this_morning: object, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lin = Client()
    lin.force_login(town.users["lin"])
    address = f"/parks/{town.park.uid}/phones"
    assert "serve --tls" in lin.get(address).content.decode()
    assert "serve --tls" in Client().get("/install").content.decode()

    settings.KEYS, settings.TLS, settings.TLS_PORT, settings.PLAIN_PORT = tmp_path, LOCAL, "8443", "8000"
    keep_local(Files(tmp_path / "tls"), [NAME], at=datetime.now(UTC))
    alone = lin.get(address, headers={"accept-language": "en"}).content.decode()
    monkeypatch.setenv("JIUGONG_BIND", "0.0.0.0:8443")
    page = lin.get(address, headers={"accept-language": "en"}).content.decode()

    authority = Files(tmp_path / "tls").authority.read_bytes()
    assert certificates.spoken(authority) in page and page.count("<svg xmlns") >= 2
    assert "394 days left" in page and f"/parks/{town.park.uid}/scan" in page and ":8000/install" in page and NAME in page
    assert "Only this machine reaches" in alone and ":8000/install" not in alone and "<svg xmlns" not in alone


@pytest.mark.pure
@pytest.mark.parametrize(("bind", "codes"), [("127.0.0.1:8443", False), ("[::1]:8443", False), ("0.0.0.0:8443", True)])
def test_codes_for_phones_are_printed_only_where_phones_can_come(bind: str, codes: bool, settings: Any, tmp_path: Path) -> None:
    settings.KEYS = tmp_path
    keep_local(Files(tmp_path / "tls"), [NAME], at=datetime.now(UTC))

    said = Serving(bind=bind, kind=LOCAL, plain_port="8000", hosts=["10.9.8.7", "127.0.0.1"]).announce()

    assert ("10.9.8.7" in said) is ("SHA-256" in said) is codes
    assert ("--bind 0.0.0.0:8443" in said) is not codes
