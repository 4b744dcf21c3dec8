"""Pages as they look, of PDFs and of pictures, into text.

    with Pdf(data) as pdf:
        raw = [pdf.page(index) for index in range(len(pdf))]  # RawPage: lines in their places, as they were found
    pages = compose(raw)                                      # document.Page: text, blocks and where each line stands

    found     `pdfium` opens a PDF; `textlayer` tells its lines, cut where `rulings` draw a `lattice` (`ruledlines`);
              `filledin` adds what lies in annotations. Lines in a picture are recognised elsewhere, and put in order by
              `by_place`.
    ordered   `columns` by `gutters`, tables whole.
    told      `tables` by white space, `ruledtables` by lattices; `layout` makes paragraphs, headings and points of the
              rest; `composition` makes words whole and leaves running heads out; `placing` says what stands where.

Places are in points from a page's lower left corner, as its text is read.
"""

from inference.functions.reading.pages.columns import by_place
from inference.functions.reading.pages.composition import compose
from inference.functions.reading.pages.pdfium import PasswordNeeded, Pdf, PdfiumError
from inference.functions.reading.pages.rawlines import RawLine, RawPage, Row

__all__ = ["PasswordNeeded", "Pdf", "PdfiumError", "RawLine", "RawPage", "Row", "by_place", "compose"]
