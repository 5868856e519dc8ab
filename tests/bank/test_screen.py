"""The screen masks credentials whole, leaves innocent text alone, and is fast on any text."""

from __future__ import annotations

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from agentmem.bank.screen import screen, screen_json

LOWER = "abcdefghijklmnopqrstuvwxyz0123456789" * 4
MIXED = "aB3dE5gH7jK9mN1pQ4sT6vW8yZ" * 6
UPPER = "AB3DEF5GHI7JKL9MNO1P" * 2
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 3


def web_token() -> str:
    def part(data: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part({"sub": "user-17"}), MIXED[:43]))


def key_block(label: str, newline: str = "\n") -> str:
    lines = [MIXED[start : start + 64] for start in range(0, 64, 8)]
    return newline.join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"))


# Assembled here, so that nothing in this file looks like a credential to a scanner.
CREDENTIALS = [
    ("AWS Access Key", "AKIA" + UPPER[:16]),
    ("GitHub Token", "ghp" + "_" + MIXED[:36]),
    ("GitHub Token", "github" + "_pat_" + MIXED[:22] + "_" + MIXED[:59]),
    ("GitLab Token", "glpat" + "-" + MIXED[:20]),
    ("Slack Token", "xoxb" + "-123456789012-123456789012-" + MIXED[:24]),
    ("Stripe Access Key", "sk" + "_live_" + MIXED[:24]),
    ("Stripe Access Key", "sk" + "_live_" + MIXED[:99]),
    ("OpenAI Token", "sk" + "-" + MIXED[:20] + "T3Blbk" + "FJ" + MIXED[:20]),
    ("OpenAI Token", "sk" + "-proj-" + MIXED[:60] + "_-T3Blbk" + "FJ" + MIXED[:74]),
    ("Anthropic Token", "sk" + "-ant-api03-" + MIXED[:93] + "AA"),
    ("Google API Key", "AIza" + MIXED[:35]),
    ("Hugging Face Token", "hf" + "_" + MIXED[:34]),
    ("NPM tokens", "npm" + "_" + MIXED[:36]),
    ("PyPI Token", "pypi" + "-AgEIcHlwaS5vcmc" + MIXED[:90]),
    ("SendGrid API Key", "SG" + "." + MIXED[:22] + "." + MIXED[:43]),
    ("Square OAuth Secret", "sq0" + "csp-" + MIXED[:43]),
    ("Discord Bot Token", "M" + MIXED[:23] + "." + MIXED[:6] + "." + MIXED[:38]),
    ("Telegram Bot Token", "1234567890" + ":AA" + MIXED[:33]),
    ("Twilio API Key", "SK" + HEX[:32]),
    ("Mailchimp Access Key", HEX[:32] + "-us17"),
    ("JSON Web Token", web_token()),
    ("Private Key", key_block("RSA PRIVATE KEY")),
    ("Private Key", key_block("PRIVATE KEY")),
    ("Private Key", key_block("ENCRYPTED PRIVATE KEY")),
    ("Private Key", key_block("PGP PRIVATE KEY BLOCK")),
    ("Private Key", key_block("OPENSSH PRIVATE KEY", newline="\\n")),
    ("Private Key", key_block("EC PRIVATE KEY").rsplit("\n", 1)[0]),
    (
        "Private Key",
        "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n" + MIXED + "\nPrivate-MAC: " + HEX[:64],
    ),
]
NAMED = [
    ("AWS Access Key", 'aws_secret_access_key = "', MIXED[:40], '"'),
    ("Azure Storage Account access key", "AccountName=x;Account", "Key=" + MIXED[:86] + "==", ";Suffix=y"),
    ("Basic Auth Credentials", "postgres://maya:", "hunter" + "2", "@db.example.org/app"),
    ("Basic Auth Credentials", "redis://:", "p@ss!w$rd", "@cache:6379"),
    ("NPM tokens", "//registry.example.org/:_authToken=", "0f1e2d3c-4b5a-6978-8796-" + HEX[:12], ""),
]
INNOCENTS = [
    "My number is +44 20 7946 0958, or 07946095812.",
    "Order 4488-2100-2319-8801 arrives on 2025-03-01T14:05:00Z, ref AP4488210023CD.",
    "550e8400-e29b-41d4-a716-446655440000",
    "1712345678:550e8400-e29b-41d4-a716-446655440000",
    "fixed in 1ae5b874c9d6e2f0b3a7581c4d9e6f2a0b8c7d51, see also sha256:" + HEX[:64],
    "data:image/png;base64," + base64.b64encode(bytes(range(256)) * 8).decode(),
    "IBAN GB29 NWBK 6016 1331 9268 19, or DE89370400440532013000",
    "The password is on the fridge; my secret is that I don't like cheese. Token of love!",
    "https://user@example.org/a:b@c and http://localhost:3000 or mail me@example.org",
    "git+ssh://git@github.com/org/repo@v1.2.3#egg=name",
    "key: the-quick-brown-fox-jumps-over-the-lazy-dogs",
    "The AKC registered the SKIPPER; ACTUALLYTHISISALLONEWORDINCAPITALSWITHOUTSPACES",
    "the file starts with -----BEGIN PRIVATE KEY----- and that is all I know",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ" + MIXED[:60] + " maya@laptop",
    "-----BEGIN CERTIFICATE-----\n" + MIXED[:64] + "\n-----END CERTIFICATE-----",
    "192.0.2.17, 2001:db8::ff00:42:8329",
    "ISBN 978-3-16-148410-0, DOI 10.1000/182, arXiv:2402.17753",
    "Überraschung: 東京タワーは333メートル 👩‍👩‍👧 😀" * 20,
    "a" * 500,
    "eyJ is how tokens begin, eyJ.eyJ.eyJ is none",
    "",
]


@pytest.mark.parametrize(("kind", "secret"), CREDENTIALS)
@pytest.mark.parametrize(
    "frame", ["{}", "It is {}, keep it.", "export TOKEN={}\n", '{{"token": "{}"}}', "a\\n{}\\nb"]
)
def test_credential_is_masked_whole_wherever_it_stands(kind: str, secret: str, frame: str) -> None:
    assert screen(frame.format(secret)) == (frame.format(f"[redacted: {kind}]"), (kind,))


@pytest.mark.parametrize(("kind", "before", "secret", "after"), NAMED)
def test_only_the_secret_of_a_named_credential_is_masked(
    kind: str, before: str, secret: str, after: str
) -> None:
    text, kinds = screen(f"see {before}{secret}{after} there")
    assert kinds == (kind,)
    assert secret not in text
    assert f"[redacted: {kind}]{after} there" in text


@pytest.mark.parametrize("text", INNOCENTS)
def test_innocent_text_survives(text: str) -> None:
    assert screen(text) == (text, ())


def test_several_credentials_keep_the_text_between_them() -> None:
    first, second = CREDENTIALS[0][1], CREDENTIALS[1][1]
    assert screen(f"one {first} two {second} three {first}") == (
        "one [redacted: AWS Access Key] two [redacted: GitHub Token] three [redacted: AWS Access Key]",
        ("AWS Access Key", "GitHub Token"),
    )


@pytest.mark.parametrize(("kind", "secret"), CREDENTIALS)
def test_screening_twice_changes_nothing_more(kind: str, secret: str) -> None:
    once = screen(f"x {secret} y").text
    assert screen(once) == (once, ())


def test_json_is_screened_in_values_and_keys_and_keeps_its_shape() -> None:
    aws, github = CREDENTIALS[0][1], CREDENTIALS[1][1]
    data: JsonValue = {
        "n": 4488210023,
        "ok": None,
        "list": [1.5, {"deep": f"use {aws}"}],
        github: True,
        "plain": "text",
    }
    assert screen_json(data) == (
        {
            "n": 4488210023,
            "ok": None,
            "list": [1.5, {"deep": "use [redacted: AWS Access Key]"}],
            "[redacted: GitHub Token]": True,
            "plain": "text",
        },
        ("AWS Access Key", "GitHub Token"),
    )


def test_json_keys_that_become_equal_are_told_apart() -> None:
    one, two = "AKIA" + UPPER[:16], "AKIA" + UPPER[1:17]
    assert screen_json({one: 1, two: 2})[0] == {
        "[redacted: AWS Access Key]": 1,
        "[redacted: AWS Access Key] 2": 2,
    }


def test_json_value_is_known_by_its_key() -> None:
    assert screen_json({"aws_secret_key": MIXED[:40], "hash": MIXED[:40]}) == (
        {"aws_secret_key": "[redacted: AWS Access Key]", "hash": MIXED[:40]},
        ("AWS Access Key",),
    )


def test_json_private_key_is_masked() -> None:
    assert screen_json({"private_key": key_block("PRIVATE KEY") + "\n"})[0] == {
        "private_key": "[redacted: Private Key]\n"
    }


@given(st.text())
def test_text_without_credentials_is_unchanged(text: str) -> None:
    assert screen(text) == (text, ())


@given(st.text(max_size=30), st.sampled_from(CREDENTIALS), st.text(max_size=30))
def test_credential_between_any_texts_is_gone(before: str, credential: tuple[str, str], after: str) -> None:
    assert credential[1] not in screen(f"{before} {credential[1]} {after}").text


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ", "eyJ.", "eyJ=", "sk-", "sk-T3Blbk" + "FJ", "://", "://a:", "@:", "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----", "aws key ", "xoxa-1-", "glagent-", "a", "1", "A", "M", "-us", "\\n",
        "aws", "cl_key ", " ", "PuTTY-User-Key-File-2:", "-",
    ],
)  # fmt: skip
def test_hostile_text_of_100_kb_is_screened_in_seconds(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    screen("x" * 30)
    started = time.perf_counter()
    screen(text)
    assert time.perf_counter() - started < 5.0


def test_deeply_nested_web_token_is_no_error() -> None:
    deep = base64.urlsafe_b64encode(b'{"a":' * 50_000).decode().rstrip("=")
    assert screen(f"{deep}.{deep}").kinds == ()
