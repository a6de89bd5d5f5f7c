"""S, the first step of S -> T: train S on the pixel loss alone."""

phases = [dict(update='sr', losses=dict(pixel=dict(sr=1.0)))]
