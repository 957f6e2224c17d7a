"""Reading mail as the world writes it, and as somebody writes it who means harm."""

import time
from email.message import EmailMessage, Message

import pytest

from notifications.incoming import parsing
from notifications.incoming.parsing import Unreadable, key_of, read, read_head
from tests.notifications.incoming.mails import raw, report, written

TO = "tandem+r1@portal.example"


def test_who_writes_what_to_whom() -> None:
    mail = read(raw("Tom@Example.org", TO, "Grüße aus Köln", subject="Größe"))
    assert (mail.sender, mail.recipients, mail.subject) == ("tom@example.org", (TO,), "Größe")
    assert mail.text.strip() == "Grüße aus Köln"
    assert not mail.is_from_machine
    assert mail.failed is None


def test_the_plain_text_is_taken_where_both_are_there() -> None:
    assert read(raw("t@x.example", TO, "Plain.", html="<p>Rich.</p>")).text.strip() == "Plain."


def test_a_mail_that_is_only_html_is_read_in_lines_and_without_what_it_quotes() -> None:
    page = """<html><head><style>p{color:red}</style><title>x</title></head>
    <body><p>Hello <b>dear</b> team,</p>
    <div>first&nbsp;line<br>second line</div><ul><li>one</li><li>two</li></ul><script>alert(1)</script>
    <div class="gmail_quote"><div>On Monday:</div><blockquote>old <div>words</div></blockquote></div>
    </body></html>"""
    text = read(raw("t@x.example", TO, "", html=page)).text
    assert text.split("\n") == ["Hello dear team,", "", "first line", "second line", "", "- one", "- two"]


def test_files_come_with_their_names_and_bytes() -> None:
    mail = read(raw("t@x.example", TO, files=[("Größe.pdf", b"%PDF-1.4 x"), ("b.txt", b"hi")]))
    assert [(one.name, one.content) for one in mail.files] == [("Größe.pdf", b"%PDF-1.4 x"), ("b.txt", b"hi")]


def test_the_logo_of_a_signature_is_no_file_and_a_picture_is() -> None:
    mail = written("t@x.example", TO)
    for size in (500, 50_000):
        mail.add_attachment(
            b"\x89PNG" + b"x" * size, maintype="image", subtype="png", filename="i.png", cid="<a@b>"
        )
    assert [len(one.content) for one in read(mail.as_bytes()).files] == [50_004]


def test_signatures_and_invitations_are_left_out() -> None:
    mail = written("t@x.example", TO)
    mail.add_attachment(b"sig", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert read(mail.as_bytes()).files == ()


def test_winmail_dat_is_known_by_its_kind() -> None:
    mail = written("t@x.example", TO)
    mail.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="anything")
    assert [one.name for one in read(mail.as_bytes()).files] == ["winmail.dat"]


def test_a_mail_within_the_mail_is_a_file() -> None:
    mail = written("t@x.example", TO)
    mail.add_attachment(written("a@b.example", "c@d.example", "inner"))
    (file,) = read(mail.as_bytes()).files
    assert b"inner" in file.content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated (vacation)"),
        ("Precedence", "bulk"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "<list.example>"),
        ("Return-Path", "<>"),
    ],
)
def test_what_a_machine_writes_is_known(name: str, value: str) -> None:
    assert read_head(raw("t@x.example", TO, **{name.replace("-", "_"): value})).is_from_machine


@pytest.mark.parametrize(
    ("name", "value"),
    [("Auto-Submitted", "no"), ("Precedence", "first-class"), ("Return-Path", "<t@x.example>")],
)
def test_what_a_person_writes_is_known_too(name: str, value: str) -> None:
    assert not read_head(raw("t@x.example", TO, **{name.replace("-", "_"): value})).is_from_machine


def test_our_own_mail_is_a_machines() -> None:
    mail = written("t@x.example", TO, Auto_Submitted="auto-generated")
    assert read_head(mail.as_bytes()).is_from_machine


@pytest.mark.parametrize("senders", ["", "a@x.example, b@x.example", "nobody", "undisclosed-recipients:;"])
def test_a_mail_that_is_from_nobody_or_from_several_is_from_nobody(senders: str) -> None:
    assert read_head(f"From: {senders}\nTo: {TO}\n\nHi".encode()).sender == ""


def test_the_same_message_id_is_the_same_mail_and_without_one_the_same_bytes() -> None:
    one = b"Message-ID: <a@b>\nSubject: x\n\nHi"
    assert key_of(one) == key_of(b"Subject: y\nMessage-ID:  <a@b>\n\nBye")
    assert key_of(one) != key_of(b"Message-ID: <c@b>\n\nHi")
    assert key_of(b"Subject: x\n\nHi") != key_of(b"Subject: x\n\nHo")


@pytest.mark.parametrize(("status", "for_good"), [("5.1.1", True), ("5.0.0", True), ("5.2.2", False)])
def test_a_report_says_what_failed(status: str, for_good: bool) -> None:
    failed = read(report(TO, status)).failed
    assert failed is not None
    assert (failed.status, failed.is_for_good) == (status, for_good)
    assert "No such user" in failed.words


@pytest.mark.parametrize("status", ["4.4.1", "5.7.1", "5.3.4", "5.6.1", ""])
def test_not_every_failure_is_the_addresss(status: str) -> None:
    failed = read(report(TO, status)).failed
    assert failed is not None
    assert not failed.is_for_good


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_no_failure_is_none(action: str) -> None:
    assert read(report(TO, action=action)).failed is None


def nested(depth: int) -> bytes:
    head = f"From: t@x.example\nTo: {TO}\nMIME-Version: 1.0"
    levels = [f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}' for level in range(depth)]
    return ("\n".join([head, *levels]) + "\nContent-Type: text/plain\n\ndeep\n").encode()


def test_a_few_levels_are_read_and_a_hundred_or_ten_thousand_are_not() -> None:
    assert "deep" in read(nested(5)).text
    for depth in (100, 10_000):
        with pytest.raises(Unreadable, match="too_deep"):
            read(nested(depth))


def test_thousands_of_parts_are_not_read() -> None:
    mail = written("t@x.example", TO, files=[(f"{n}.txt", b"x") for n in range(parsing.MOST_PARTS + 1)])
    with pytest.raises(Unreadable, match="too_many_parts"):
        read(mail.as_bytes())


def test_a_mail_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "LARGEST_MAIL", 1_000)
    with pytest.raises(Unreadable, match="too_large"):
        read(raw("t@x.example", TO, "x" * 2_000))


def test_a_header_without_end_is_not_read() -> None:
    with pytest.raises(Unreadable, match="header_too_long"):
        read(b"X: " + b"y" * 200_000)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"From: =?utf-8?b?////?= <a@x.example>\nSubject: =?unknown-8bit?q?x?=\n\nHi",
        b"From: a@x.example\nContent-Type: text/plain; charset=no-such-thing\n\nHi",
        b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"From: a@x.example\nContent-Type: multipart/mixed\n\nno boundary",
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b",
        b"From: a@x.example\nContent-Type: message/rfc822\n\n",
        b"From: a@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        b"Content-Type: message/delivery-status\n\nAction: failed\n\n--b--",
        b"From: " + b"<" * 10_000 + b"\n\nHi",
        b"From: " + b"(" * 10_000 + b"\n\nHi",
        b"Subject: " + b"=?utf-8?q?" * 5_000 + b"\n\nHi",
        b"To: " + b"a@b.example," * 9_000 + b"\n\nHi",
        # Words in a header of which Python's decoder gives up in a way of its own.
        b"From: a@x.example\nSubject: =?utf-8?b?a?=\nMessage-ID: =?utf-8?b?a?=\n\nHi",
        b"From: a@x.example\nContent-Disposition: attachment; filename==?utf-8?b?a?=\n\nHi",
        b"From: a@x.example\nSubject: =?punycode?q?" + b"-" + b"a" * 100_000 + b"?=\n\nHi",
        b"From: a@x.example\nSubject: =?idna?q?x?= =?undefined?q?x?=\n\nHi",
        b"From: a@x.example\nSubject: =?\xffutf-8?q?x?=\n\nHi",
        b"From: a@x.example\nContent-Type: message/rfc822\n\nSubject: a\x0bing: b\n\nHi",
        b"From: a@x.example\nContent-Type: text/plain; charset=punycode\n\n-" + b"a9" * 150_000,
    ],
)
def test_a_hostile_mail_is_read_or_refused_but_nothing_else(hostile: bytes) -> None:
    started = time.process_time()
    try:
        mail = read(hostile)
    except Unreadable:
        pass
    else:
        assert len(mail.recipients) <= 100
        assert "\x00" not in mail.text
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "charset", ["idna", "undefined", "punycode", "unicode_escape", "hex", "utf-8\0", "x y"]
)
def test_what_is_no_charset_is_read_as_most_mail_is(charset: str) -> None:
    mail = read(f'From: a@x.example\nContent-Type: text/plain; charset="{charset}"\n\nGrüße'.encode())
    assert mail.text == "Grüße"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "UTF-8", "utf-16", "koi8-r", "gb2312"])
def test_charsets_that_people_write_in_are_read(charset: str) -> None:
    words = {"koi8-r": "Привет", "gb2312": "你好"}.get(charset, "Grüße")
    head = f"From: a@x.example\nContent-Type: text/plain; charset={charset}\n\n"
    assert read(head.encode() + words.encode(charset)).text == words


BROKEN = (
    b"From: a@x.example\nContent-Type: multipart/mixed; boundary*=utf-8''b; boundary*0=b\n\n--b\n\nHi\n--b--"
)


def test_what_python_fails_at_is_broken_and_its_header_is_read_all_the_same() -> None:
    assert (read_head(BROKEN).sender, key_of(BROKEN)) == ("a@x.example", read_head(BROKEN).key)
    with pytest.raises(Unreadable, match="broken"):
        read(BROKEN)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    "field",
    [b"Content-Type: text/plain; " + b"a=b;" * 200_000, b"CONTENT-Disposition: a;\n " + b"x;\n " * 9_000],
)
def test_a_field_of_a_part_without_end_is_not_read(field: bytes, end: bytes) -> None:
    parts = b"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + field + b"\n\nx\n--b--"
    started = time.process_time()
    with pytest.raises(Unreadable, match="header_too_long"):
        read(parts.replace(b"\n", end))
    assert time.process_time() - started < 2


def test_nul_in_an_address_makes_it_none() -> None:
    mail = read_head(b"From: a\0b@x.example\nTo: tandem+new-\0@portal.example, c@x.example\n\nHi")
    assert (mail.sender, mail.recipients) == ("", ("c@x.example",))


def test_the_name_of_a_file_is_one_line_without_control_characters() -> None:
    head = b'From: a@x.example\nContent-Disposition: attachment; filename="a\0b\x07.pdf"\n\n'
    assert [one.name for one in read(head + b"%PDF").files] == ["a b .pdf"]


def test_control_characters_and_surrogates_do_not_come_in() -> None:
    mail = Message()
    mail["From"] = "a@x.example"
    mail.set_payload("a\x00b\x0bc\r\nd")
    assert read(mail.as_bytes()).text.split() == ["abc", "d"]


def test_line_breaks_in_a_subject_do_not_come_in() -> None:
    mail = EmailMessage()
    mail["Subject"] = "A"
    encoded = mail.as_bytes().replace(b"Subject: A", b"Subject: =?utf-8?q?A=0ABcc:_x?=")
    assert read_head(encoded).subject == "A Bcc: x"
