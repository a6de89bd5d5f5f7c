# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Print a config as it is after inheritance: python tools/misc/print_config.py CONFIG."""

import argparse
from collections.abc import Sequence

from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.launch import add_launch_arguments, load_config


def main(argv: Sequence[str] | None = None) -> None:
    """Print a config."""
    parser = argparse.ArgumentParser(description='Print the whole config.')
    parser.add_argument('config', help='config file')
    add_launch_arguments(parser)
    with clear_errors():
        print(load_config(parser.parse_args(argv)).pretty_text)


if __name__ == '__main__':
    main()
