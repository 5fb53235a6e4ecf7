"""Opening what people upload: CSV in any usual encoding, gzip, XLSX. Yields texts, judges nothing.

Limits are checked before anything is unpacked: a small archive can hold gigabytes.
"""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any

CHUNK_ROWS = 50_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_SHEET_BYTES = 100_000_000
MAX_MEMBERS = 200
MAX_SHEET_ROWS = 200_000
MAX_SHEET_CELLS = 8_000_000
MAX_ROWS = 5_000_000
SEPARATORS = ",;\t|"
SNIFF_BYTES = 65_536
DAMAGED = "The packed file is damaged: pack it again, or upload the CSV itself."

Chunk = tuple[Sequence[int], list[list[str]]]  # line numbers, rows


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why and how to mend it."""


Row = list[str]


@dataclass
class RawTable:
    """A table of texts: the header, its line, and a way to walk through the rows as often as needed.

    ``pieces(size)`` yields line numbers and rows from the first line on. ``plain`` says that no cell is in
    quotation marks, so that in a file with commas between columns no number can hold one.
    """

    header: Row
    header_row: int
    pieces: Callable[[int], Iterator[Chunk]]
    separator: str = ","
    plain: bool = False
    notes: list[str] = field(default_factory=list)

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """Rows below the header in pieces. Rows without any text are left out."""
        total = 0
        for numbers, rows in self.pieces(size):
            total += len(rows)
            if total > MAX_ROWS:
                raise FileRefused(f"The file has more than {MAX_ROWS:,} rows: split it into several loads.")
            body = _without_header(numbers, rows, self.header_row)
            if body[1]:
                yield body


def _without_header(numbers: Sequence[int], rows: list[Row], header_row: int) -> Chunk:
    """Only filled rows below the header; most pieces are taken as they are."""
    if numbers and numbers[0] > header_row and all(row and row[0] for row in rows):
        return numbers, rows
    kept = [
        (number, row) for number, row in zip(numbers, rows, strict=True) if number > header_row and any(row)
    ]
    return [number for number, _ in kept], [row for _, row in kept]


def open_table(path: Path) -> RawTable:
    """The table in a file. Raises FileRefused with words for people."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise FileRefused("The file is empty: export it again, with the header row.")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "This is an old or password-protected Excel file: save it as .xlsx without a password, or as CSV."
        )
    if head.startswith(b"PK"):
        return _open_sheet(path)
    return _open_csv(path, zipped=head.startswith(b"\x1f\x8b"))


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, for files that people download."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


# --- CSV


def _open_csv(path: Path, *, zipped: bool) -> RawTable:
    encoding, plain = _encoding_of(path, zipped=zipped)
    separator = _separator_of(path, encoding, zipped=zipped)

    def pieces(size: int) -> Iterator[Chunk]:
        with _text(path, encoding, zipped=zipped) as stream:
            reader = csv.reader(stream, delimiter=separator, strict=True)
            try:
                yield from _numbered(reader, size)
            except csv.Error as error:
                raise FileRefused(
                    f"Line {reader.line_num} cannot be read ({error}): look for a quotation mark that is not closed."
                ) from error
            except (UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
                raise FileRefused(
                    f"The file is damaged after line {reader.line_num}: export it again."
                ) from error

    header_row, header = _first_filled(pieces(100))
    notes = [f"Encoding {encoding.removesuffix('-sig')}, columns separated by {_name_of(separator)}."]
    return RawTable(header, header_row, pieces, separator, plain, notes)


def _numbered(reader: Any, size: int) -> Iterator[Chunk]:
    """Pieces of rows with their lines; only where cells hold line breaks must rows be numbered one by one."""
    while True:
        before = reader.line_num
        rows = list(islice(reader, size))
        if not rows:
            return
        if reader.line_num - before == len(rows):
            yield range(before + 1, reader.line_num + 1), rows
        else:
            spans = [1 + sum(cell.count("\n") for cell in row) for row in rows]
            yield [before + number for number in accumulate(spans)], rows


def _encoding_of(path: Path, *, zipped: bool) -> tuple[str, bool]:
    """The encoding, from the byte order mark or from whether all bytes are valid UTF-8; and whether the file
    has no quotation marks."""
    head = _first_bytes(path, zipped=zipped)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", False
    if b"\x00" in head:
        raise FileRefused("This is no text file: save it as CSV (UTF-8) or as .xlsx.")
    marked = head.startswith(b"\xef\xbb\xbf")
    plain = True
    try:
        with _text(path, "utf-8", zipped=zipped) as text:
            while piece := text.read(1 << 20):
                plain = plain and '"' not in piece
        return ("utf-8-sig" if marked else "utf-8"), plain
    except UnicodeDecodeError:
        return "cp1252", False
    except (EOFError, OSError, zlib.error) as error:
        raise FileRefused(DAMAGED) from error


def _first_bytes(path: Path, *, zipped: bool) -> bytes:
    try:
        with _binary(path, zipped=zipped) as stream:
            head: bytes = stream.read(4)
    except (EOFError, OSError, zlib.error) as error:
        raise FileRefused(DAMAGED) from error
    return head


def _separator_of(path: Path, encoding: str, *, zipped: bool) -> str:
    with _text(path, encoding, zipped=zipped) as stream:
        try:
            head = stream.read(SNIFF_BYTES)
        except UnicodeError as error:
            raise FileRefused("The file's encoding is not known: save it as CSV (UTF-8).") from error
    if "\x00" in head:
        raise FileRefused("This is no text file: save it as CSV (UTF-8) or as .xlsx.")
    line = next((line for line in head.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=line.count)


def _text(path: Path, encoding: str, *, zipped: bool) -> io.TextIOWrapper:
    return io.TextIOWrapper(_binary(path, zipped=zipped), encoding=encoding, newline="")


def _binary(path: Path, *, zipped: bool) -> Any:
    if not zipped:
        return path.open("rb")
    return io.BufferedReader(_Limited(gzip.open(path, "rb")))


class _Limited(io.RawIOBase):
    """A stream that refuses to unpack more than the limit."""

    def __init__(self, source: IO[bytes] | gzip.GzipFile) -> None:
        self.source = source
        self.left = MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self.source.read(min(len(buffer), 1 << 20))
        self.left -= len(piece)
        if self.left < 0:
            raise FileRefused(
                f"Unpacked, the file is larger than {MAX_UNPACKED_BYTES // 1_000_000} MB: split it."
            )
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self.source.close()
        super().close()


def _name_of(separator: str) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[separator]


# --- XLSX


def _open_sheet(path: Path) -> RawTable:
    _check_archive(path)
    name, cells, notes = _read_sheet(path)

    def pieces(size: int) -> Iterator[Chunk]:
        for start in range(0, len(cells), size):
            rows = [[_cell_text(cell) for cell in row] for row in cells[start : start + size]]
            yield range(start + 1, start + len(rows) + 1), rows

    header_row, header = _first_filled(pieces(100))
    return RawTable(header, header_row, pieces, notes=[f"Sheet “{name}” was read.", *notes])


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise FileRefused("The file is damaged: save it again as .xlsx, or as CSV.") from error
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_SHEET_BYTES:
        raise FileRefused(
            f"Unpacked, the workbook is larger than {MAX_SHEET_BYTES // 1_000_000} MB: save it as CSV."
        )
    if not any(member.filename.startswith("xl/") for member in members):
        raise FileRefused("This is no Excel workbook: upload .xlsx, .csv or .csv.gz files.")


def _read_sheet(path: Path) -> tuple[str, list[list[Any]], list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(str(path))
        visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        if not visible:
            raise FileRefused("The workbook has no visible sheet: show the sheet with the data.")
        sheet = book.get_sheet_by_name(visible[0])
        if (
            sheet.total_height > MAX_SHEET_ROWS
            or sheet.total_height * max(sheet.total_width, 1) > MAX_SHEET_CELLS
        ):
            raise FileRefused(f"The sheet has more than {MAX_SHEET_ROWS:,} rows: save it as CSV.")
        # Leading empty rows must stay, or the row numbers in messages would be wrong.
        cells = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise FileRefused("The workbook cannot be read: save it again as .xlsx, or as CSV.") from error
    ignored = [meta.name for meta in book.sheets_metadata if meta.name != visible[0]]
    return visible[0], cells, [f"Other sheets were left out: {', '.join(ignored)}."] if ignored else []


def _cell_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _first_filled(pieces: Iterator[Chunk]) -> tuple[int, Row]:
    for numbers, rows in pieces:
        for number, row in zip(numbers, rows, strict=True):
            if any(cell.strip() for cell in row):
                return number, [cell.strip().strip("\ufeff").lower() for cell in row]
    raise FileRefused("The file holds no header row: start it with the column names of the template.")
