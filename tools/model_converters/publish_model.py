# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Prepare a checkpoint for publishing: python tools/model_converters/publish_model.py IN OUT.

Only weights and what says how they were made are kept; the name gets the first eight digits of the
file's SHA-256, as everywhere in OpenMMLab.
"""

import argparse
import hashlib
import os
import os.path as osp
import sys
from collections.abc import Sequence

import torch
from mmengine.runner.checkpoint import CheckpointLoader

KEPT = ('state_dict', 'meta')


def publish(source: str, target: str, keys: Sequence[str] = KEPT) -> str:
    """Write the published file.

    Args:
        source (str): A checkpoint of a run.
        target (str): The file to write, without its hash.
        keys (Sequence[str]): Parts of the checkpoint that are kept.

    Returns:
        str: The file written, such as ``net-0a1b2c3d.pth``.

    Raises:
        ValueError: The source holds no weights.
    """
    content = CheckpointLoader.load_checkpoint(source, map_location='cpu')
    if 'state_dict' not in content:
        raise ValueError(f'{source} is no checkpoint of a run: it has no state_dict.')
    kept = {key: value for key, value in content.items() if key in keys}
    stem = target.removesuffix('.pth')
    part = f'{stem}.part'
    os.makedirs(osp.dirname(osp.abspath(part)), exist_ok=True)
    torch.save(kept, part)
    with open(part, 'rb') as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:8]
    final = f'{stem}-{digest}.pth'
    os.replace(part, final)
    return final


def main(argv: Sequence[str] | None = None) -> int:
    """Publish; give the exit code."""
    parser = argparse.ArgumentParser(description='Prepare a checkpoint for publishing.')
    parser.add_argument('in_file', help='checkpoint of a run')
    parser.add_argument('out_file', help='file to write; its hash is added to the name')
    parser.add_argument(
        '--save-keys', nargs='+', default=list(KEPT), help='parts that are kept (state_dict meta)'
    )
    args = parser.parse_args(argv)
    try:
        if not osp.isfile(args.in_file):
            raise ValueError(f'There is no checkpoint {args.in_file}.')
        print(f'Wrote {publish(args.in_file, args.out_file, args.save_keys)}')
    except (ValueError, OSError, RuntimeError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
