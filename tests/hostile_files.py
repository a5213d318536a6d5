"""Files made to break a reader of YAML: named, each with the bytes; every one must be refused."""

from __future__ import annotations

from collections.abc import Iterator

GOOD = b"""program: Riverbend Evening IOP
id: riverbend-evening
timezone: America/Chicago
starts: 2027-01-04
day_starts: "17:30"
sessions:
  - {name: Process group, kind: group, minutes: 60}
  - name: Skills group
    minutes: 60
    topics: [Coping skills, 'Values']
    notes: |
      Bring the workbook.
      Water is there.
phases:
  - {name: Intensive, weeks: 4, days: [mon, tue]}
closed:
  - 2027-01-18 Martin Luther King Day
"""
KIB_256 = 262_144


def hostile_files() -> dict[str, bytes]:
    """Returns every hostile file by its name."""
    files: dict[str, bytes] = {}
    for name, data in (
        *_sizes(),
        *_depths(),
        *_references(),
        *_bytes(),
        *_characters(),
        *_syntax(),
        *_cuts(),
    ):
        assert name not in files, name
        files[name] = data
    return files


def _sizes() -> Iterator[tuple[str, bytes]]:
    yield "one byte over the limit", b"a: b\n" + b"#" * (KIB_256 - 4)
    yield "30 MiB of zeros", b"0" * 31_457_280
    yield "20,001 items", b"a:\n" + b"- b\n" * 19_999
    yield "items without end in brackets", b"a: [" + b"b," * 100_000 + b"b]"
    yield "100,000 commas", b"a: [" + b"," * 100_000 + b"]"
    yield "pairs without end in braces", b"a: {" + b"".join(b"k%d: 1," % n for n in range(25_000)) + b"}"
    yield "keys without end", b"".join(b"key%d: 1\n" % n for n in range(18_000))
    yield "the same key 20,000 times", b"a: 1\n" * 20_000
    yield "a plain text of 200,000 letters", b"a: " + b"b" * 200_000
    yield "a quoted text of 200,000 letters", b'a: "' + b"b" * 200_000 + b'"'
    yield "a text of 100,000 lines", b"a: |\n" + b" b\n" * 80_000
    yield "a folded text of 100,000 empty lines", b"a: >\n b\n" + b"\n" * 100_000 + b" b\n"
    yield "a plain text over 60,000 lines", b"a:\n" + b" bc\n" * 60_000
    yield "a number of 5,000 digits", b"weeks: " + b"9" * 5_000
    yield "a key of 5,000 letters", b"k" * 5_000 + b": 1"
    yield "a key of 65 letters", b"k" * 65 + b": 1"
    yield "an explicit key of 200,000 letters", b"? " + b"k" * 200_000 + b"\n: 1"
    yield "a quoted key over 50,000 lines", b'"' + b"k\n\n" * 50_000 + b'": 1'
    yield "indentation of 200,000 spaces", b"a:\n" + b" " * 200_000 + b"b: @"
    yield "lines that are indented ever deeper", b"".join(b" " * n + b"a:\n" for n in range(700))
    yield "200,000 spaces behind a value", b"a: b" + b" " * 200_000 + b": c"
    yield "260,000 empty lines", b"\n" * 260_000
    yield "a comment of 260,000 letters alone", b"#" * 260_000
    yield "100,000 lines of comments alone", b"#\n" * 100_000
    yield "a text of 100,000 escapes", b'a: "' + b"\\x41" * 60_000 + b'"'
    yield "40,000 combining marks", b"a: b" + "\u0301\u0323".encode() * 40_000
    yield (
        "many texts of combining marks",
        b"".join(b"- b%s\n" % ("\u0301\u0323".encode() * 1_900) for _ in range(30)),
    )

    yield "60,000 question marks on a line", b"a: [" + b"b?, " * 60_000 + b"c]"
    yield "30,000 pairs on a line", b"a: [" + b"b: c, " * 30_000 + b"c]"
    yield "30,000 curly quotes on a line", b"a: [" + "“b”, ".encode() * 25_000 + b"c]"
    yield "30,000 words in braces on a line", b"a: [" + b"{b}, " * 40_000 + b"c]"
    yield "30,000 keys without values on a line", b"a: {" + b"b: , " * 40_000 + b"c: d}"
    yield "30,000 hashes that cut", b"a:\n" + b"- b #c\n" * 30_000
    yield "a comma and 200,000 spaces", b"a: {b: c, d," + b" " * 200_000 + b"e: f}"
    yield "a comma behind 200,000 spaces", b"a: {b: c, d" + b" " * 200_000 + b", e: f}"
    yield "200,000 hashes behind a text", b"a: b " + b"#" * 200_000 + b"c"
    yield "60,000 tabs in a text", b"a: '" + b"b\t" * 1_900 + b"'"
    yield "200,000 backslashes", b'a: "' + b"\\" * 200_001 + b'"'
    yield "200,000 quotes", b"a: '" + b"'" * 200_001 + b"b"
    yield "200,000 dashes and colons", b"- a\n" + b"-:" * 100_000
    yield "100,000 words without a colon", b"a: b\n" + b"c " * 100_000 + b"\nd: e"


def _depths() -> Iterator[tuple[str, bytes]]:
    yield "100,000 open brackets", b"[" * 100_000
    yield "100,000 open braces", b"{" * 100_000
    yield "100,000 open brackets behind a key", b"a: " + b"[" * 100_000
    yield "100,000 open braces with keys", b"a: " + b"{a: " * 50_000
    yield "100,000 brackets closed again", b"a: " + b"[" * 100_000 + b"]" * 100_000
    yield "brackets and braces by turns", b"a: " + b"[{a: " * 40_000
    yield "100,000 closing brackets", b"a: 1\n" + b"]" * 100_000
    yield "100,000 dashes on a line", b"- " * 100_000
    yield "100,000 question marks on a line", b"? " * 100_000
    yield "100,000 colons on a line", b": " * 100_000
    yield "100,000 colons in brackets", b"a: [" + b": " * 100_000
    yield "500 levels of keys", b"\n".join(b" " * n + b"a:" for n in range(500))
    yield "21 levels of lists", b"a: " + b"[" * 20 + b"b" + b"]" * 20
    yield "lists on one line, 21 deep", b"a:\n  " + b"- " * 20 + b"b"


def _references() -> Iterator[tuple[str, bytes]]:
    laughs = b"a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + b"".join(
        b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 10)
    )
    yield "a billion laughs", laughs
    merges = b"a0: &a0 {k: v}\n" + b"".join(
        b"a%d: &a%d {<<: [%s]}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 10)
    )
    yield "merge keys that explode", merges
    yield "a merge key", b"a: {b: 1}\nc: {<<: {b: 2}}\n"
    yield "a list that holds itself", b"a: &x [*x]"
    yield "a key that is an alias", b"a: &x b\n*x : c"
    yield "an alias of nothing", b"a: *nothing"
    yield "50,000 aliases", b"a: [" + b"*b, " * 50_000 + b"]"
    yield "50,000 anchors", b"a:\n" + b"".join(b"- &a%d b\n" % n for n in range(15_000))
    yield "an anchor with a long name", b"a: &" + b"b" * 100_000 + b" c"
    yield "a tag of Python", b"a: !!python/object/apply:os.system [echo hacked]"
    yield "a tag of Python without a value", b"a: !!python/name:os.system"
    yield "a tag of the file", b"a: !secret b"
    yield "a tag on everything", b"!!map {a: b}"
    yield "a tag with an address", b"a: !<tag:example.com,2000:x> b"
    yield "a tag without an end", b"a: !<tag:example.com,2000:x"
    yield "a tag with broken escapes", b"a: !%zz%ff b"
    yield "a tag with an escape that is not UTF-8", b"a: !%ff%fe b"
    yield "a long tag", b"a: !" + b"b" * 100_000 + b" c"
    yield "a binary value", b"a: !!binary R0lGODlhDAAMAIQAAP"


def _bytes() -> Iterator[tuple[str, bytes]]:
    text = GOOD.decode()
    yield "nothing", b""
    yield "one zero byte", b"\0"
    yield "a page of zero bytes", b"\0" * 4_096
    yield "200,000 zero bytes", b"a: " + b"\0" * 200_000
    yield "a zero byte at the end", GOOD + b"\0"
    yield "UTF-16, little end first", text.encode("utf-16")
    yield "UTF-16, big end first", b"\xfe\xff" + text.encode("utf-16-be")
    yield "UTF-16 without a mark", text.encode("utf-16-le")
    yield "UTF-32", text.encode("utf-32")
    yield "UTF-32 without a mark", text.encode("utf-32-be")
    yield "Latin-1", text.replace("Evening", "Soirée").encode("latin-1")
    yield "a lone byte 0xff", GOOD + b"# \xff"
    yield "an overlong slash", GOOD + b"a: \xc0\xaf"
    yield "a surrogate in UTF-8", GOOD + b"a: \xed\xa0\x80"
    yield "a code above Unicode", GOOD + b"a: \xf4\x90\x80\x80"
    yield "a character cut in two", GOOD + b"a: \xe2\x82"
    yield "three byte order marks", b"\xef\xbb\xbf" * 3 + GOOD
    yield "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\x06\0\0\0"
    yield "a zip file", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"
    yield "every byte there is", bytes(range(256)) * 8


def _characters() -> Iterator[tuple[str, bytes]]:
    for code in (
        0x00,
        0x07,
        0x0B,
        0x1B,
        0x7F,
        0x85,
        0x9F,
        0x2028,
        0x202E,
        0x2066,
        0x200B,
        0xFEFF,
        0xFDD0,
        0xFFFE,
    ):
        yield f"U+{code:04X} in a text", f"name: Group{chr(code)}two\n".encode()
        yield f"U+{code:04X} as an escape", f'name: "Group\\u{code:04x}two"\n'.encode()
    yield "U+E0041 in a text", "name: Group\U000e0041\n".encode()
    yield "a lone surrogate as an escape", b'name: "\\ud800"'
    yield "a pair of surrogates as escapes", b'name: "\\ud83d\\ude00"'
    yield "an escape above Unicode", b'name: "\\UFFFFFFFF"'
    yield "an escape cut off", b'name: "\\x4'
    yield "an escape of a tab", b'name: "a\\tb"'
    yield "an escape of nothing", b'name: "\\0"'
    yield "200,000 right-to-left overrides", b"name: " + "\u202e".encode() * 80_000


def _syntax() -> Iterator[tuple[str, bytes]]:
    yield "a text alone", b"hello"
    yield "a list alone", b"- a\n- b"
    yield "100,000 documents", b"---\n" * 60_000
    yield "two documents", b"a: 1\n---\nb: 2\n"
    yield "a document after the end", b"a: 1\n...\nb: 2\n"
    yield "a directive of another version", b"%YAML 9.9\n---\na: 1\n"
    yield "a version of 10,000 digits", b"%YAML 1." + b"9" * 10_000 + b"\n---\na: 1\n"
    yield "20,000 directives", b"%TAG !a! b\n" * 20_000 + b"---\na: 1\n"
    yield "an unknown directive", b"%BOMB\n---\na: 1\n"
    yield "an open quote and much text", b'a: "' + b"b c\n" * 60_000
    yield "an open bracket and much text", b"a: [" + b"b c\n" * 60_000
    yield "an open brace and much text", b"a: {" + b"b: c\n" * 50_000
    yield "a tab as indentation", b"a:\n\tb: 1\n"
    yield "40,000 lines with tabs", b"a:\n" + b"\tb: 1\n" * 40_000
    yield "a tab behind a dash", b"a:\n  -\tb: 1\n    c: 2\n"
    yield "a template", b"a: {{ value }}\n"
    yield "a key in braces", b"{a: b}: c\n"
    yield "a key in brackets", b"[a, b]: c\n"
    yield "XML", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    yield "JSON cut off", b'{"a": {"b": [1, 2, {"c": "d'
    yield "CSV", b"id,track,starts\np-014,evening,2027-01-11\n"
    yield "INI", b"[program]\nname = x\n"
    yield "a backquote", b"a: `rm -rf /`\n"
    yield "a percent sign", b"a: %s%s%s%n\n"
    yield "a block with a wrong sign", b"a: |99\n  b\n"
    yield "a hash that cuts the text", b"a: Suite #200\n"
    yield "a comma that cuts the text", b"a: {why: Snow, ice}\n"
    yield "null", b"null"
    yield "a key without a value", b"a:\n"


def _cuts() -> Iterator[tuple[str, bytes]]:
    for place, where in (
        (b"Chicago", "in a key"),
        (b"group, kind", "in braces"),
        (b"skills, 'V", "in brackets"),
        (b"alues'", "in quotes"),
        (b"2027-01-18", "behind a dash"),
    ):
        before = GOOD[: GOOD.index(place)]
        before = before.removesuffix(b": America/") if where == "in a key" else before
        yield f"cut {where}", before
