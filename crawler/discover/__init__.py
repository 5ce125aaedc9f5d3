"""Discovery: what a site nobody configured is, found out by looking at it; and whether a configured one still is so.

`scout` asks the site through Scrapy's engine, `columns` finds lists by the links of a page, `survey` decides which
lists are taken and reads samples, `facts` draws the source from that, `showing` and `writing` put it down; `examine`
looks whether a source still is what its file says.
"""
