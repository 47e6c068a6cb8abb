"""Lists that many ask, one file for each who runs some; off until the operator switches them on."""
