# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Errors that the user can fix: the tools print their message alone, without a traceback."""


class SR4IRError(Exception):
    """Base of the errors whose message says what is wrong and what to do."""


class ConfigError(SR4IRError, ValueError):
    """A config value cannot be used."""


class DataError(SR4IRError, ValueError):
    """An image or an annotation cannot be used."""


class CheckpointError(SR4IRError, RuntimeError):
    """A checkpoint is missing, broken or of another architecture."""


class NonFiniteLossError(SR4IRError, FloatingPointError):
    """A loss became NaN or infinite."""
