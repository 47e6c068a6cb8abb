"""The command line: one program with subcommands, each in a file of its name."""
