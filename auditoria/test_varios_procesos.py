"""La orden de varios procesos del laboratorio 2, tal cual, con dos en la CPU."""

import json
import os
import subprocess
import sys

from test_lab2 import NAME, cheap, orders


def test_the_order_for_several_processes_runs(tmp_path):
    [line] = [line for line in orders() if line.startswith("torchrun")]
    launcher, arguments = line.split(" -m apuntes.mnist_gpu ")
    options, flags = launcher.split()[1:], cheap(f"{NAME} {arguments}")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", *options]
    done = subprocess.run(
        [*launch, "-m", "apuntes.mnist_gpu", *flags],
        cwd=tmp_path,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.returncode == 0, done.stderr
    history = json.loads((tmp_path / "runs/dos/history.json").read_text())
    assert history["processes"] == 2
