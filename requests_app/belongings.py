"""Files and links of a request, as its page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from requests_app.attachments.keeping import MOST_FILES
from requests_app.attachments.kinds import all_extensions
from requests_app.models import Relation, Request
from requests_app.models.attachments import LARGEST_FILE
from teams.models import Person

Row = Mapping[str, Any]


@dataclass(frozen=True)
class FileLine:
    """One file; ``size`` in bytes."""

    id: int
    name: str
    size: int
    has_preview: bool
    uploader: str
    at: datetime
    may_remove: bool


@dataclass(frozen=True)
class LinkLine:
    """The other request of a link, and what this one is to it."""

    id: int
    relation: Relation
    number: int
    title: str
    status: str
    may_remove: bool

    @property
    def words(self) -> str | Promise:
        return self.relation.label


def belongings(found: Request, reader: Person, takes_care: bool) -> dict[str, Any]:
    """What the templates of files and links show; ``found`` comes ``for_page`` of ``reader``.

    ``takes_care``: whether ``reader`` may take away what others added.
    """
    files = [_file(row, reader, takes_care) for row in vars(found)["attachment_rows"]]
    links = [_link(row, found.number, reader, takes_care) for row in vars(found)["link_rows"]]
    return {
        "files": files,
        "most_files": MOST_FILES,
        "largest_file": LARGEST_FILE,
        "may_add_files": len(files) < MOST_FILES,
        "file_endings": all_extensions(),
        "links": sorted(links, key=lambda line: (list(Relation).index(line.relation), line.number)),
    }


def _file(row: Row, reader: Person, takes_care: bool) -> FileLine:
    return FileLine(
        id=row["id"],
        name=row["name"],
        size=row["size"],
        has_preview=bool(row["preview"]),
        uploader=row["uploader_name"],
        at=datetime.fromisoformat(row["created_at"]),
        may_remove=takes_care or row["uploader"] == reader.pk,
    )


def _link(row: Row, number: int, reader: Person, takes_care: bool) -> LinkLine:
    outwards = row["source"] == number
    other = "target" if outwards else "source"
    return LinkLine(
        id=row["id"],
        relation=Relation.of(row["kind"], outwards),
        number=row[other],
        title=row[f"{other}_title"],
        status=row[f"{other}_status"],
        may_remove=takes_care or row["made_by"] == reader.pk,
    )
