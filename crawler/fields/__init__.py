"""Grammars of the field: Chinese dates, 文号, 索引号, names, codes, report year. Pure functions; no input raises."""

from crawler.fields.codes import (
    IndexNumber,
    credit_code_ok,
    division,
    icp_number,
    index_number,
    organisation_code_ok,
    police_number,
    site_id,
    site_ids,
)
from crawler.fields.dates import SHANGHAI, Moment, date_in_url, find_dates, from_epoch, parse_date
from crawler.fields.documents import document_key, document_number, number_of_line, number_of_title, tidy
from crawler.fields.names import clean, organisation, report_year
from crawler.fields.numerals import from_numeral, to_numeral

__all__ = [
    "SHANGHAI",
    "IndexNumber",
    "Moment",
    "clean",
    "credit_code_ok",
    "date_in_url",
    "division",
    "document_key",
    "document_number",
    "find_dates",
    "from_epoch",
    "from_numeral",
    "icp_number",
    "index_number",
    "number_of_line",
    "number_of_title",
    "organisation",
    "organisation_code_ok",
    "parse_date",
    "police_number",
    "report_year",
    "site_id",
    "site_ids",
    "tidy",
    "to_numeral",
]
