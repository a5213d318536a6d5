"""iopcal: calendars of intensive outpatient programs from one readable YAML file."""

__version__ = "0.1.0"
