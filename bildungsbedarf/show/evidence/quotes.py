"""Single answers in people's own words: only those that quotes.toml releases."""

from __future__ import annotations

from bildungsbedarf import disclosure
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.wave import Wave


def quotes(wave: Wave, question: str) -> Block:
    """Released answers to an open question, masked, with a word that they stand for nobody else.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question.

    Returns
    -------
    Block
        Quotes as HTML, in the language they were written in; that none is released, where none is.

    Raises
    ------
    ConfigError
        There is no such open question.

    Examples
    --------
    >>> print(show.quotes(wave, "FEHLT").text.splitlines()[0])
    „Kurse zu "KI" im Alltag, 100 % kostenlos“
    """
    language = wave.language
    found = disclosure.quotes(wave, question)
    note = translate(
        "Single voices, chosen and released by the education office; how many people think so, they do not say. "
        "Names, addresses and telephone numbers are replaced as far as they were recognised.",
        language,
    )
    nothing = translate("No answer has been released to be quoted.", language)
    texts = [
        {"language": "" if one.language == language else one.language, "lines": one.text.splitlines()} for one in found
    ]
    label = translate("From the answers to “{question}”", language, question=wave.title(question))
    html = render("quotes.html", label=label, quotes=texts, note=note, nothing=nothing)
    said = "\n".join(translate("“{item}”", language, item=one.text) for one in found)
    text = f"{said}\n({note})" if found else nothing
    return Block("quotes", html, text, {"quotes": len(found)})
