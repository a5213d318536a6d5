"""Runs the command line as `python -m iopcal`."""

from iopcal.cli import main

if __name__ == "__main__":
    main()
