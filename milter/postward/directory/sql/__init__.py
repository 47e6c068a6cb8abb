"""The directory in an SQL data base, through SQLAlchemy; the only importer of it."""
