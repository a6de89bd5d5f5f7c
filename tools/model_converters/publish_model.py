# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Prepare a checkpoint for publishing: python tools/model_converters/publish_model.py IN OUT.

Only weights and what says how they were made are kept; the name gets the first eight digits of the
file's SHA-256, as everywhere in OpenMMLab.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.checkpoints import read_checkpoint, save_checkpoint, trained_config, weights_in
from sr4ir_mm.errors import CheckpointError

KEPT = ('state_dict', 'meta')


def publish(source: str, target: str, keys: Sequence[str] = KEPT, trust: bool = False) -> Path:
    """Write the published file.

    Args:
        source (str): A checkpoint of a run.
        target (str): The file to write, without its hash.
        keys (Sequence[str]): Parts of the checkpoint that are kept.
        trust (bool): Also read a file that runs code when it is read. Defaults to False.

    Returns:
        Path: The file written, such as ``net-0a1b2c3d.pth``.

    Raises:
        CheckpointError: The source holds no weights, cannot be read, or has a config that is a
            program.
    """
    content = read_checkpoint(source, trust)
    if 'state_dict' not in content or not weights_in(content):
        raise CheckpointError(f'{source} is no checkpoint of a run: it has no state_dict.')
    trained_config(content.get('meta') or {}, source)  # whoever loads the file may run this text
    stem = target.removesuffix('.pth')
    unnamed = Path(f'{stem}.unnamed')
    save_checkpoint({key: value for key, value in content.items() if key in keys}, unnamed)
    digest = hashlib.sha256(unnamed.read_bytes()).hexdigest()[:8]
    return unnamed.replace(f'{stem}-{digest}.pth')


@clear_errors()
def main(argv: Sequence[str] | None = None) -> None:
    """Publish."""
    parser = argparse.ArgumentParser(description='Prepare a checkpoint for publishing.')
    parser.add_argument('in_file', help='checkpoint of a run')
    parser.add_argument(
        'out_file', type=output_file, help='file to write; its hash is added to the name'
    )
    parser.add_argument(
        '--save-keys', nargs='+', default=list(KEPT), help='parts that are kept (state_dict meta)'
    )
    parser.add_argument(
        '--trust', action='store_true', help='also read a file that runs code when it is read'
    )
    args = parser.parse_args(argv)
    print(f'Wrote {publish(args.in_file, args.out_file, args.save_keys, args.trust)}')


if __name__ == '__main__':
    main()
