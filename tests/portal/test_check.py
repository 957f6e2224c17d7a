"""`make check` runs all of its steps and shows what a failed one says."""

import sys

import pytest

from portal import check


def test_a_step_that_passes_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.passes("good", [sys.executable, "-c", "print('quiet')"])
    assert capsys.readouterr().out.splitlines()[0].startswith("  good")
    assert "quiet" not in capsys.readouterr().out


def test_a_step_that_fails_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert not check.passes("bad", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.endswith("FAILED")
    assert second == "the reason"


def test_a_failed_step_does_not_keep_the_others_from_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        check, "STEPS", {"bad": [sys.executable, "-c", "1/0"], "good": [sys.executable, "-c", ""]}
    )
    with pytest.raises(SystemExit, match="something wrong in: bad"):
        check.main()
    assert "good" in capsys.readouterr().out


def test_the_steps_see_a_production_that_uses_https_and_servers_of_its_own() -> None:
    assert check.PRODUCTION["BASE_URL"].startswith("https://")
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL"} <= set(check.PRODUCTION)
