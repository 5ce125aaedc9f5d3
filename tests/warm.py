"""Reads a page when imported, so that processes forked afterwards find loaded what trafilatura loads at first use.

That is the stop words of a hundred languages (justext 3.0, 0.6 s of processor), twice in every crawl of a test.
"""

from crawler import reading
from tests.serving import listing, notice

TITLE = "关于开展行政执法案卷评查工作的通知"
for page in (notice(TITLE, n=1), listing([("/art/1.html", TITLE)])):
    reading.read(page.encode(), "http://sfj.qingling.example/art/1.html")
