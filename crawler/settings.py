"""Scrapy's settings for this project; beside each that is not Scrapy's default stands the reason."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

BOT_NAME = "gongbao"
SPIDER_LOADER_CLASS = "crawler.loader.SourceLoader"  # every source of the registry is a spider
COMMANDS_MODULE = "crawler.commands"

# Where things are. All three can be given with -s; relative paths count from the working folder.
SOURCES = str(ROOT / "crawler" / "sources")
FIXTURES = str(ROOT / "fixtures")
ARCHIVE = os.environ.get("GONGBAO_ARCHIVE") or "data/archive.db"  # the same rule as `gongbao`

# Who we are: a site's operator can read what this is and whom to ask to stop (crawler.who fills in the contact).
CONTACT = os.environ.get("GONGBAO_CONTACT")  # an e-mail address or the URL of a page
USER_AGENT = os.environ.get("GONGBAO_USER_AGENT") or "Gongbao/0.1 (archive of public announcements; {contact})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # what Capture.content() undoes without a further dependency
}

# Polite: one request at a time to a host, with a pause (crawler.pace); the registry can ask for a longer one.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Gongbao"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 2  # what Scrapy holds in hand and would still fetch after being told to stop
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1  # while a page is read nothing further is taken in hand: a kill -9 loses no more
DOWNLOAD_DELAY = 2.0
AUTOTHROTTLE_ENABLED = True  # a slow server gets a longer pause; never shorter than DOWNLOAD_DELAY
RETRY_PRIORITY_ADJUST = -10  # a page that failed is asked for again after the others, not at once

# Bounds: no page of the field is near these.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
ATTACHMENTS = True  # files of notices are fetched too, after all pages
ATTACHMENT_MAXSIZE = 32 * 1024 * 1024  # of one file; a larger one ends `skipped`
ATTACHMENT_TIMEOUT = 600  # seconds for the whole of it: servers of 100 KB/s are no rarity
DOWNLOAD_WARNSIZE = 0
READ_SECONDS = 9.0  # of processor for one page, in a process of its own (a twentieth is usual); more is quarantined
READ_MEGABYTES = 3072
WHOLE_DAYS = 30.0  # after that a notice is asked for whole again: servers say "not modified" of pages that were
WHOLE = False  # 1: every list and every notice in this run, however big the source (crawler.planning)
LIST_PAGES = 2000  # pages of one list in one run; reaching it makes the run incomplete

# Nothing is silent: the spider sees every answer, and the archive alone judges what was met before.
REDIRECT_ENABLED = False  # a 302 to a seen URL would give neither callback nor errback
METAREFRESH_ENABLED = False
HTTPERROR_ALLOW_ALL = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
URLLENGTH_LIMIT = 0  # would drop a long URL without a word
COMPRESSION_ENABLED = False  # the capture keeps the bytes as sent and is decompressed once, by CaptureMiddleware
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "crawler.who.WhoMiddleware": 500,  # the same, with the contact in it
    "crawler.middlewares.RobotsMiddleware": 100,  # RFC 9309: a server error is no permission
    "crawler.scheme.SchemeMiddleware": 560,  # before the retries (550): https that is shut stays shut
    "crawler.pace.PaceMiddleware": 950,  # nearest to the wire: one request at a time to a host, for all sources
    "crawler.middlewares.CaptureMiddleware": 860,  # above the replay cache (900), below everything that alters
}

# Internal networks are not dialled, whoever names them; -s GUARD_ALLOW=host[:port],... makes exceptions.
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DOWNLOAD_HANDLERS = {
    "http": "crawler.dialling.GuardedHandler",
    "https": "crawler.dialling.GuardedHandler",
    # Announcements come by http; a page that names a file of this machine gets none.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# Closed doors: both would let anybody on this machine run code in the crawl.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # in the order the list shows them, newest first
CONCURRENT_ITEMS = 4  # Scrapy 2.19 starts that many tasks for every response, and we yield few things
LOG_LEVEL = "WARNING"  # progress and the summary are the crawl's own lines
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the ledger says it, with the reason
HTTPCACHE_STORAGE = "crawler.replay.FixtureStorage"  # used with -s REPLAY=1 only
HTTPCACHE_IGNORE_MISSING = True
