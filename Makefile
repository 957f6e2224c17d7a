# Every target is on its own the complete set-up; what is fresh is skipped.
PYTHON ?= python3

.PHONY: demo test e2e check bench torture reset setup
demo test e2e check bench torture reset setup:
	@$(PYTHON) portal/bootstrap.py $@
