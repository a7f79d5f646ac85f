"""The command line: arguments → one call. See `program` for the commands, `errors` for exit codes."""

from saklig.cli.program import main

__all__ = ["main"]
