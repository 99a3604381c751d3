"""Settings of the channels are checked one by one, and a wrong one names itself and what would be right."""

import pytest

from cases.channel_settings import channel_settings


def settings_of(**environment: str) -> dict[str, object]:
    return channel_settings(environment, lambda name: environment.get(name, ""))


def test_nothing_set_is_fine() -> None:
    found = settings_of()
    assert (found["smtp_host"], found["smtp_port"], found["smtp_tls"], found["bounce_tls"], found["bounce_folder"]) == (
        "", 25, False, True, "INBOX",
    )  # fmt: skip


def test_port_465_is_encrypted_from_the_start() -> None:
    assert settings_of(PANHUO_SMTP_HOST="smtp.example.invalid", PANHUO_SMTP_PORT="465")["smtp_tls"] is True


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PANHUO_SMTP_PORT": "smtp"}, "PANHUO_SMTP_PORT"),
        ({"PANHUO_SMTP_PORT": "0"}, "PANHUO_SMTP_PORT"),
        ({"PANHUO_SMTP_PORT": "65536"}, "PANHUO_SMTP_PORT"),
        ({"PANHUO_SMTP_PORT": "²5"}, "PANHUO_SMTP_PORT"),
        ({"PANHUO_SMTP_HOST": "smtp://mail.example.invalid"}, "PANHUO_SMTP_HOST"),
        ({"PANHUO_SMTP_HOST": "mail.example.invalid:25"}, "PANHUO_SMTP_HOST"),
        ({"PANHUO_SMTP_HOST": "127.0.0.1:25"}, "PANHUO_SMTP_HOST"),
        ({"PANHUO_SMTP_FROM": "盘活 <tto@example.invalid>"}, "PANHUO_SMTP_FROM"),
        ({"PANHUO_SMTP_FROM": "tto@example.invalid\r\nBcc: x@example.invalid"}, "PANHUO_SMTP_FROM"),
        ({"PANHUO_BOUNCE_ADDRESS": "bounces"}, "PANHUO_BOUNCE_ADDRESS"),
        ({"PANHUO_BOUNCE_ADDRESS": "**@example.invalid"}, None),
        ({"PANHUO_SMTP_USER": "tto"}, "PANHUO_SMTP_PASSWORD"),
        ({"PANHUO_SMTP_PORT": "465", "PANHUO_SMTP_STARTTLS": "yes"}, "PANHUO_SMTP_STARTTLS"),
        ({"PANHUO_BOUNCE_IMAP_PORT": "-1"}, "PANHUO_BOUNCE_IMAP_PORT"),
        ({"PANHUO_BOUNCE_IMAP_HOST": "imap example"}, "PANHUO_BOUNCE_IMAP_HOST"),
    ],
)
def test_wrong_value_names_its_variable(environment: dict[str, str], named: str | None) -> None:
    if named is None:  # a star is an ordinary letter of an address
        assert settings_of(**environment)["bounce_address"] == environment["PANHUO_BOUNCE_ADDRESS"]
        return
    with pytest.raises(ValueError, match=named):
        settings_of(**environment)
