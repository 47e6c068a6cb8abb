# Short names for `sh packaging/bootstrap TASK`, which also works where make is not installed.

.PHONY: bench check deb demo docs test differential fuzz generate lint quality reputation-bench rpm run profile soak venv help

help:
	@sh packaging/bootstrap --help

bench check deb demo docs test differential fuzz generate lint quality reputation-bench rpm run profile soak venv:
	@sh packaging/bootstrap $@ $(ARGS)
