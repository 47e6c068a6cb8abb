"""The lines that attach Postward to an MTA, made for the host that they are printed on."""
