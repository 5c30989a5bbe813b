"""``python -m ms_optim_lint`` is the command."""

from ms_optim_lint.hosts.command import main

if __name__ == "__main__":
    main()
