# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Restore a video, and recognise: python demo/video_demo.py VIDEO CONFIG CKPT --out FILE."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext

import cv2
import numpy as np
from arguments import add_pair_arguments, add_picture_arguments
from rich.progress import Progress

from sr4ir_mm.apis import SR4IRInferencer
from sr4ir_mm.apis.arguments import output_file
from sr4ir_mm.apis.clear_errors import clear_errors
from sr4ir_mm.apis.screen import check_screen
from sr4ir_mm.apis.video import check_video_name, open_video, video_writer
from sr4ir_mm.errors import ConfigError
from sr4ir_mm.models.tiles import Tiles
from sr4ir_mm.visualization import to_uint8


def parse_args(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description='Restore a video and recognise, frame by frame. Its sound is left out.'
    )
    parser.add_argument('video', metavar='VIDEO', help='what OpenCV reads: .mp4, .avi, .mkv, ...')
    add_pair_arguments(parser)
    add_picture_arguments(parser)
    parser.add_argument(
        '--out', type=output_file, metavar='FILE', help='the video to write: .mp4, .mov, .avi, .mkv'
    )
    parser.add_argument('--show', action='store_true', help='show frames in a window; q ends')
    parser.add_argument(
        '--view',
        choices=['both', 'pred', 'sr'],
        default='both',
        help='LR | SR with predictions (default), the latter alone, or SR with nothing drawn',
    )
    args = parser.parse_args(argv)
    if not args.out and not args.show:
        parser.error('nothing would be done: give --out FILE, --show or both')
    return args


def render(inferencer: SR4IRInferencer, frame: np.ndarray, view: str, score: float) -> np.ndarray:
    """Restore a frame ``(h, w, 3)`` and give the view of it; both are BGR in 0..255."""
    (sample,) = inferencer.forward([frame])
    sample = sample.cpu()
    if view == 'sr':
        rgb = to_uint8(sample.sr)
    else:
        rgb = inferencer.visualize([sample], pred_score_thr=score)
        rgb = rgb if view == 'both' else rgb[:, rgb.shape[1] // 2 :]
    return np.ascontiguousarray(rgb[..., ::-1])


def show(frame: np.ndarray) -> bool:
    """Show a frame; tell whether to go on."""
    try:
        cv2.imshow('sr4ir_mm', frame)
        return cv2.waitKey(1) & 0xFF != ord('q')
    except cv2.error as error:
        raise ConfigError(f'This OpenCV shows no windows ({error.err}): use --out.') from error


def main(argv: Sequence[str] | None = None) -> int:
    """Restore the video; give the exit code, 1 if it broke off."""
    args = parse_args(argv)
    with clear_errors():
        video = open_video(args.video)
        if args.out:
            check_video_name(args.out, args.video)
        if args.show:
            check_screen()
        inferencer = SR4IRInferencer(args.config, args.checkpoint, args.device)
        if args.tile:
            inferencer.model.tiles = Tiles(tuple(args.tile), args.tile_overlap)
        promised = video.frame_cnt if video.frame_cnt > 0 else None
        writer = video_writer(args.out, video.fps) if args.out else nullcontext()
        done, wished = 0, True
        with writer as write, Progress(transient=True) as progress:
            for frame in progress.track(video, total=promised, description='Frames'):
                picture = render(inferencer, frame, args.view, args.score_thr)
                if write is not None:
                    write(picture)
                done += 1
                wished = not args.show or show(picture)
                if not wished:
                    break
        print(f'{done} frames at {video.fps:g} per second' + (f': {args.out}' if args.out else ''))
        # What a file says of its length is rounded, by less than a second.
        if wished and promised and done < promised - video.fps:
            print(
                f'error: {args.video} breaks off after {done} of {promised} frames.',
                file=sys.stderr,
            )
            return 1
        return 0


if __name__ == '__main__':
    sys.exit(main())
