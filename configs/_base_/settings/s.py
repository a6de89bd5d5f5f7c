"""S, the first step of S -> T: train S on the pixel loss alone.

There is no task model. The paper gives LPIPS and PSNR of S in its rows S -> T.
"""

phases = [dict(update='sr', losses=dict(pixel=dict(sr=1.0)))]
