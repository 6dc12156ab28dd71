"""The subcommands of ``assistant``, a module each."""
