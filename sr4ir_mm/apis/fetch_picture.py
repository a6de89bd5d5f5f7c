# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""The bytes of a picture, from a file or an address."""

import time
from urllib.request import urlopen

from mmengine import fileio
from mmengine.fileio.backends import prefix_to_backends

from sr4ir_mm.errors import DataError

PATIENCE = 30
"""Seconds that an address may take, the last byte included."""
LARGEST = 256 * 2**20
"""Bytes that are taken from an address."""


def fetch_picture(source: str) -> bytes:
    """Read a file or an address.

    Args:
        source (str): A path, ``http(s)://...``, or what else MMEngine's backends read.

    Raises:
        DataError: It cannot be read, does not answer, or gives too much.
    """
    try:
        scheme, is_address, _ = source.partition('://')
        if is_address and scheme.lower() in ('http', 'https'):
            return _download(source)
        if is_address and scheme not in prefix_to_backends:
            raise DataError(
                f'{source} cannot be read: {scheme!r} is no kind of address that is known. Give a '
                f'path, or an address that begins with one of {", ".join(_kinds())}.'
            )
        return fileio.get(source)
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f'There is no file or folder {source}.') from error
    except Exception as error:  # whatever the backends raise: no such file, no answer
        raise DataError(f'{source} cannot be read ({error}).') from error


def _kinds() -> list[str]:
    return [f'{prefix}://' for prefix in sorted(prefix_to_backends) if prefix]


def _download(url: str) -> bytes:
    """MMEngine's own backend waits for ever."""
    end = time.monotonic() + PATIENCE
    content = bytearray()
    with urlopen(url, timeout=PATIENCE) as response:
        while part := response.read1(2**16):
            content += part
            if time.monotonic() > end:
                raise DataError(f'{url} is too slow: it was not read in {PATIENCE} s.')
            if len(content) > LARGEST:
                raise DataError(f'{url} gives more than {LARGEST // 2**20} MiB: no picture is.')
    return bytes(content)
