"""What an answer says, whatever kind of file it is."""

from io import BytesIO
from zipfile import ZipFile

from werkzeug.test import TestResponse

from tests.support import pdf


def words_of(response: TestResponse) -> str:
    """The words of a page, or those inside a document or a spreadsheet."""
    content = response.get_data()
    if response.mimetype == "application/pdf":
        return pdf.text_of(content)
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return content.decode(errors="replace")
