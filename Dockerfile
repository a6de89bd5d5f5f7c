# docker build -t sr4ir_mm .                          for the CPU
# docker build -t sr4ir_mm --build-arg DEVICE=cuda .  with MMCV's ops for GPUs, too
# docker run --rm -v "$PWD:/workspace" [--gpus all --shm-size 8g] sr4ir_mm python -m sr4ir_mm train mine.py
ARG DEVICE=cpu

FROM ubuntu:24.04 AS cpu

# The compiler of the CUDA that PyTorch's wheels are made with; running needs the driver alone.
FROM nvidia/cuda:13.0.1-devel-ubuntu24.04 AS cuda
ENV FORCE_CUDA=1

FROM ${DEVICE} AS build
# Ampere to Hopper, and by PTX what comes after; others: --build-arg TORCH_CUDA_ARCH_LIST=7.5
ARG TORCH_CUDA_ARCH_LIST="8.0;8.6;8.9;9.0+PTX"
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends g++ make python3.12-dev python3.12-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/sr4ir_mm
# First what takes long and changes seldom.
COPY Makefile pyproject.toml requirements.txt setup.py README.md ./
COPY requirements requirements
COPY tools tools
COPY configs configs
COPY model-index.yml dataset-index.yml ./
COPY sr4ir_mm sr4ir_mm
RUN PIP_NO_CACHE_DIR=1 make env PYTHON=python3.12
COPY . .

FROM ubuntu:24.04
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3.12 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/sr4ir_mm /opt/sr4ir_mm
ENV PATH=/opt/sr4ir_mm/.venv/bin:$PATH \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 1000
WORKDIR /workspace
CMD ["python", "-m", "sr4ir_mm", "--help"]
