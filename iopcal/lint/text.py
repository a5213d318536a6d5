"""Rules T1 to T3: text is escaped and plain, and in discreet and busy feeds tells nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import normalize

from iopcal.lint._file import File
from iopcal.lint._finding import Finding, seen
from iopcal.lint._lines import is_uuid, unescaped
from iopcal.lint._stray import nameless, unfolded

_TEXTS = frozenset(
    {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC",
     "CATEGORIES", "RESOURCES"}
)  # fmt: skip
_LISTS = frozenset({"CATEGORIES", "RESOURCES"})
_PLAIN = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_LISTED = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")
# Patterns that few files need are compiled, and kept, when they are used.
_MARKUP = (
    r"(?i)</?(?:a|abbr|b|blockquote|body|br|center|code|div|em|font|h[1-6]|head|hr|html|i|img|li|ol|p|pre|s|small|"
    r"span|strong|style|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>"
    r"|&(?:nbsp|amp|lt|gt|quot|#[0-9]{1,6});|<https?:|\]\(https?:"
)
_STEMS = (  # as the beginning of a word
    "iop", "rehab", "recovery", "relaps", "therap", "psych", "addict", "alcohol", "opioid", "opiate",
    "sober", "sobriet", "detox", "methadon", "buprenorphin", "naltrexon", "suboxon", "vivitrol", "overdos",
    "outpatient", "inpatient", "dialectical", "anorex", "bulimi", "suicid", "schizo", "bipolar", "ptsd",
    "counsel", "withdrawal", "narcotic", "mindful",
)  # fmt: skip
_WORDS = (  # as a whole word
    "php", "dbt", "cbt", "emdr", "ocd", "adhd", "group", "groups", "substance", "substances", "drug",
    "drugs", "cravings?", "trauma", "depression", "depressive", "anxiety", "treatment", "clinical",
    "diagnosis",
    r"eating\W+disorders?", r"mental\W+health", r"behaviou?ral\W+health", r"partial\W+hospitali[sz]ation",
    r"12\W+steps?", r"twelve\W+steps?", r"step\W?down", r"self\W+harm", r"coping\W+skills?", "al-?anon",
)  # fmt: skip
_BUILT_IN = (
    rf"(?i)(?<![^\W_])(?<!\.(?=php))(?:(?:{'|'.join(_STEMS)})[^\W_]*|(?:{'|'.join(_WORDS)})(?![^\W_]))"
)
_LEAST_BURIED = 5  # letters of a word that is found inside others
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])"
_TOKEN = r"[^\W_]+"
# Values of a fixed form: no word of a program means itself in them.
FORMAL = frozenset(
    {"BEGIN", "END", "VERSION", "CALSCALE", "METHOD", "DTSTAMP", "LAST-MODIFIED", "CREATED", "DTSTART",
     "DTEND", "SEQUENCE", "RRULE", "EXDATE", "RDATE", "STATUS", "TRANSP", "CLASS", "ACTION", "TRIGGER",
     "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "X-WR-TIMEZONE", "TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO",
     "X-MICROSOFT-CDO-BUSYSTATUS"}
)  # fmt: skip


def findings(file: File) -> Iterator[Finding]:
    """Yields what is wrong with the texts."""
    yield from _escapes(file)
    yield from _markup(file)
    if file.private:
        yield from _telling(file)


def _escapes(file: File) -> Iterator[Finding]:
    for line in file.lines:
        if line.name not in _TEXTS:
            continue
        pattern = _LISTED if line.name in _LISTS else _PLAIN
        end = pattern.match(line.value)
        stop = end.end() if end is not None else 0
        if stop < len(line.value):
            what = line.value[stop : stop + 2] if line.value[stop] == "\\" else line.value[stop]
            kind = "is no escape" if what[0] == "\\" else "is not escaped"
            yield Finding(line.number, "T1", f"{seen(what)} in {line.name} {kind}")
    folds = set(unfolded(file))
    for number in nameless(file):
        if number not in folds:
            yield Finding(number, "T1", "a line break is not escaped: the line has no name")


def _markup(file: File) -> Iterator[Finding]:
    for event in file.events:
        for line in event.component.all("DESCRIPTION"):
            signs = any(sign in line.value for sign in "<&]")
            found = markup(unescaped(line.value)) if signs else ""
            if found:
                yield file.shape(line.number, "T2", f"DESCRIPTION holds {seen(found)}, not plain text")


def _telling(file: File) -> Iterator[Finding]:
    """Yields T3, at most one a line; PRODID is judged by C2, CATEGORIES by E14."""
    phrases = _phrases(file.words)
    found: dict[str, str] = {}  # lines repeat
    for line in file.lines:
        if line.name in ("PRODID", "CATEGORIES") or (line.name == "UID" and is_uuid(line.value)):
            continue
        word = found.get(line.text)
        if word is None:
            word = found[line.text] = built_in(unescaped(line.text))
        if not word and line.name not in FORMAL:
            word = _told(unescaped(line.value), phrases)
        if word:
            yield file.shape(
                line.number, "T3", f"{line.name[:40] or 'the line'} holds the telling word {seen(word)}"
            )


def markup(text: str) -> str:
    """Returns the first piece of a text that some calendars would render as markup, or ''."""
    found = re.search(_MARKUP, text)
    return found[0] if found else ""


def telling_word(text: str, words: Iterable[str] = ()) -> str:
    """Returns the first word of `text` that is one of `words` or of the built-in list, as written, or ''."""
    return built_in(text) or _told(text, _phrases(words))


def built_in(text: str) -> str:
    """Returns the first word of the built-in list in a text, as written, or ''."""
    found = re.search(_BUILT_IN, re.sub(_HUMP, " ", text))
    return found[0] if found else ""


def buried(text: str) -> str:
    """Returns a longer word of the built-in list that stands anywhere in a text, as in a host, or ''."""
    folded = text.casefold()
    return next((stem for stem in _STEMS if len(stem) >= _LEAST_BURIED and stem in folded), "")


def _tokens(text: str) -> list[str]:
    """Returns the words of a text, without case and in one form of their letters."""
    return re.findall(_TOKEN, normalize("NFC", text.casefold()) if not text.isascii() else text.lower())


def _phrases(words: Iterable[str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Returns the words to look for by their first token; single letters tell nothing."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for word in words:
        tokens = tuple(_tokens(word))
        if len("".join(tokens)) > 1:
            found.setdefault(tokens[0], set()).add(tokens)
    return {first: tuple(sorted(phrases)) for first, phrases in found.items()}


def _told(text: str, phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> str:
    """Returns the first of the phrases in a text, or ''."""
    if not phrases:
        return ""
    tokens = _tokens(text)
    for position, token in enumerate(tokens):
        for phrase in phrases.get(token, ()):
            if tuple(tokens[position : position + len(phrase)]) == phrase:
                return " ".join(phrase)
    return ""
