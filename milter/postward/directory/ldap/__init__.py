"""The directory in LDAP (RFC 4511), through ldap3; the only importer of it."""
