# Short names for `sh packaging/bootstrap TASK`, which also works where make is not installed.

.PHONY: demo test lint run venv help

help:
	@sh packaging/bootstrap --help

demo test lint run venv:
	@sh packaging/bootstrap $@ $(ARGS)
