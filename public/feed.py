"""What was published as an Atom feed, for whoever follows it with a reader."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from public.circulars import Announcement

NAMESPACE = "http://www.w3.org/2005/Atom"
EPOCH = datetime(2024, 11, 5, tzinfo=UTC)  # nothing was published before the rules were in force


def atom(
    entries: Sequence[Announcement], *, title: str, at: str, own: str, page_of: Callable[[Announcement], str]
) -> bytes:
    """The feed; an annulled decision says so in its title, and its entry is newer for it."""
    root = ElementTree.Element("feed", xmlns=NAMESPACE)
    _text(root, "title", title)
    _text(root, "id", at)
    ElementTree.SubElement(root, "link", href=at)
    ElementTree.SubElement(root, "link", href=own, rel="self")
    _text(root, "updated", max((each.changed_at for each in entries), default=EPOCH).isoformat(timespec="seconds"))
    for each in entries:
        entry = ElementTree.SubElement(root, "entry")
        _text(entry, "title", f"{each.title}（决定已撤销）" if each.annulled_on else each.title)
        _text(entry, "id", page_of(each))
        ElementTree.SubElement(entry, "link", href=page_of(each))
        _text(entry, "published", each.published_at.isoformat(timespec="seconds"))
        _text(entry, "updated", each.changed_at.isoformat(timespec="seconds"))
        _text(entry, "summary", each.document)
        author = ElementTree.SubElement(entry, "author")
        _text(author, "name", title.partition("：")[0])
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
