#!/usr/bin/env python3
"""Times the whole process, start included, as pre-commit meets it.

    cargo build --release && python3 benches/whole.py [--with PATH-OF-check-jsonschema]

Prints a Markdown table: the median of many runs, that median above an empty process, and the peak of memory (with GNU
time on the path). Writes only below a temporary folder.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "aks-egress"
MANY = 1000


def small(number: int) -> str:
    """A clean profile whose names and addresses differ from those of every other number."""
    high, low = divmod(number, 4)
    space = f"10.{high % 256}.{low * 64}.0/18"
    base = low * 64
    return (
        'region = "westeurope"\n\n'
        f"[network]\naddress-space = [\"{space}\"]\n\n[network.subnets]\n"
        f'firewall = "10.{high % 256}.{base + 3}.0/24"\ngateway = "10.{high % 256}.{base + 2}.0/24"\n'
        f'ingress = "10.{high % 256}.{base + 4}.0/24"\nnodes = "10.{high % 256}.{base + 5}.0/24"\n\n'
        '[cluster]\npod-cidr = "192.168.0.0/16"\n\n'
        '[egress]\npacks = ["os-updates", "docker-hub"]\n'
    )


def broken() -> str:
    """A profile with fifty findings."""
    rules = "".join(
        f'\n[[egress.collections.own.rules]]\nname = "rule-{n}"\nfqdns = ["a.*.example{n}.com"]\n' for n in range(50)
    )
    return f'region = "westeurope"\n\n[egress.collections.own]\npriority = 1000\n{rules}'


def run(command: list[str]) -> float:
    """Seconds that one run takes."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return seconds


def median(command: list[str], runs: int) -> float:
    """Median over the runs, after two that warm up."""
    for _ in range(2 if runs > 1 else 0):
        run(command)
    return statistics.median(run(command) for _ in range(runs))


def peak(command: list[str]) -> str:
    """Peak memory as GNU time tells it."""
    tool = shutil.which("time")
    if tool is None:
        return "–"
    done = subprocess.run([tool, "-f", "%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return f"{int(done.stderr.split()[-1]) / 1024:.1f} MB"


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--with", dest="peer", help="also time this check-jsonschema on the same files")
    peer = arguments.parse_args().peer
    program = str(PROGRAM)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        profiles = folder / "many"
        profiles.mkdir()
        for number in range(MANY):
            (profiles / f"p{number:04}.toml").write_text(small(number), encoding="utf-8")
        (folder / "fifty.toml").write_text(broken(), encoding="utf-8")
        (folder / "schema.json").write_bytes(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
        clean, fifty = str(profiles / "p0000.toml"), str(folder / "fifty.toml")
        example = str(ROOT / "profiles" / "walkthrough.toml")
        files = sorted(str(path) for path in profiles.iterdir())
        fresh = folder / "out"

        def once_fresh() -> list[str]:
            shutil.rmtree(fresh, ignore_errors=True)
            return [program, "compile", example, "-o", str(fresh)]

        empty = median(["/bin/true"], 200)
        rows = [("an empty process", empty, "–")]
        for title, command, runs in [
            ("`validate`, one clean profile", [program, "validate", clean], 200),
            ("`validate`, `profiles/walkthrough.toml`", [program, "validate", example], 200),
            ("`validate`, one profile with 50 findings", [program, "validate", fifty], 200),
            (f"`validate`, {MANY:,} profiles", [program, "validate", str(profiles)], 20),
            ("`compile`, every target, nothing to change", once_fresh(), 200),
        ]:
            rows.append((title, median(command, runs), peak(command)))
        cold = statistics.median(run(once_fresh()) for _ in range(200))
        rows.append(("`compile`, every target, into a new folder", cold, peak(once_fresh())))
        command = [program, "compile", str(profiles), "-o", str(folder / "all")]
        rows.append((f"`compile`, {MANY:,} profiles into a new folder", run(command), peak(command)))
        if peer:
            schema = ["--schemafile", str(folder / "schema.json")]
            for title, list_ in [("one clean profile", [clean]), (f"{MANY:,} profiles", files)]:
                command = [peer, *schema, *list_]
                rows.append((f"check-jsonschema, {title}", median(command, 10 if len(list_) == 1 else 3), peak(command)))
    print("| Run | Median | Above an empty process | Peak memory |\n|---|---|---|---|")
    for title, seconds, memory in rows:
        print(f"| {title} | {seconds * 1000:.1f} ms | {max(seconds - empty, 0) * 1000:.1f} ms | {memory} |")
    print(f"\n{os.cpu_count()} processors")


if __name__ == "__main__":
    main()
