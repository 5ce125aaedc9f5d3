"""`python -m archive` is `gongbao`."""

from archive.cli import main

if __name__ == "__main__":
    main()
