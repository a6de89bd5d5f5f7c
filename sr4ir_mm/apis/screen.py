# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Whether there is a screen to show pictures on."""

from sr4ir_mm.errors import ConfigError


def check_screen() -> None:
    """Refuse to show pictures where nobody could see them: MMEngine would wait for ever.

    Raises:
        ConfigError: There is no screen.
    """
    import matplotlib.pyplot as plt

    canvas = plt.figure().canvas
    plt.close(canvas.figure)
    if canvas.required_interactive_framework is None and 'inline' not in plt.get_backend():
        raise ConfigError(
            'Pictures cannot be shown: there is no screen, or Matplotlib has no back end for it '
            f'(it uses {plt.get_backend()}). Leave show out and write them to a folder.'
        )
