"""Whose mail this host handles: domains, their recipients, who may send as whom, and groups, from several sources."""
