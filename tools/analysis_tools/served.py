# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""A process that computes when it is asked, over its standard input and output."""

import json
import shlex
import subprocess
from collections.abc import Sequence
from typing import Any

MARK = 'benchmark: '
"""What a line with an answer begins with; libraries print others."""


def tell(answer: Any) -> None:
    """Answer, in the process that is asked."""
    print(f'{MARK}{json.dumps(answer)}', flush=True)


class Served:
    """A process from its start to its end.

    Args:
        words (Sequence[str]): Its command.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def __enter__(self) -> 'Served':
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.words, stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def hear(self) -> Any:
        """Wait for the next answer.

        Raises:
            SystemExit: The process ended without one; its own message has been printed.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        code = self.process.wait()
        raise SystemExit(f'{shlex.join(self.words)} ended with exit code {code}.')

    def step(self) -> Any:
        """Let it compute."""
        assert self.process.stdin is not None
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return self.hear()

    def end(self) -> Any:
        """Let it come to its end and hear the last answer."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.hear()
