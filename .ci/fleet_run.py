"""A whole fleet through the launcher, over a cloud that somebody else is asked about: a recorded load, the autoscaler, and an adapter over
mutual TLS. The pool goes up, down and to 0; at the top and at the end the cloud lists exactly the members. What is peculiar to a cloud
(its counterpart, its configuration, whoever lists what it has) is in the fleet.py of its module, which uses this.
"""

import csv
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PER_MACHINE = 120

work = pathlib.Path(tempfile.mkdtemp(prefix="weir-fleet."))
home = work / "home"
started = []


def run(main):
    """Whatever was started is stopped; if it went wrong the ends of the logs are shown."""
    done = False
    try:
        main()
        done = True
    finally:
        for process in reversed(started):
            stop(process)
        if not done:
            for log in sorted(work.glob("*.log")):
                print("--", log.name)
                print("".join(log.open().readlines()[-25:]))
        shutil.rmtree(work, ignore_errors=True)


def start(name, *command, **how):
    log = open(work / (name + ".log"), "w")
    process = subprocess.Popen(command, cwd=ROOT, stderr=log, **how)
    started.append(process)
    return process


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.5)
    sys.exit("FAILED " + what + " within " + str(seconds) + " s")


def expect(what, holds):
    print(("ok     " if holds else "FAILED ") + what, flush=True)
    if not holds:
        sys.exit(1)


def call(base, path, role, body=None):
    certs = home / "certs"
    trust = ssl.create_default_context(cafile=certs / "ca.pem")
    if role:
        trust.load_cert_chain(certs / (role + ".pem"), certs / (role + ".key"))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10, context=trust) as answer:
        text = answer.read()
        return json.loads(text) if text else {}


def running(name):
    try:
        return json.loads((home / "run.json").read_text()).get(name)
    except (OSError, ValueError):
        return None


def load():
    """Two busy hours of a recorded day, and a night without anybody."""
    rows = list(csv.reader(open(ROOT / "autoscaler/src/main/resources/traces/worldcup98.csv")))[1:]
    day = [row for row in rows if len(row) == 2]
    first = next(i for i, row in enumerate(day) if "T15:30:00Z" in row[0])
    values = [0.0] * 3 + [float(row[1]) for row in day[first : first + 90]] + [0.0] * 600
    trace = work / "load.csv"
    with open(trace, "w") as out:
        out.write("timestamp,value\n")
        for minute, value in enumerate(values):
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(896_000_040 + 60 * minute))
            out.write(stamp + "," + str(value) + "\n")
    return trace


def build(cloud):
    subprocess.run(["./weir", "adapter", cloud, "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def serve(cloud, connections, image, machine_type, busy):
    """The adapter, checked and ready. It has a pool "web" of machines with a data volume each."""
    config = work / "adapter.yml"
    config.write_text(
        f"""
cloud: {cloud}
watch: {{interval: 2s, busy: {busy}, staleAfter: 1m}}
connections:
{connections}
pools:
  web:
    min: 0
    max: 60
    size: 0
    image: {image}
    machineTypes: [{machine_type}]
    dataVolumes: [{{sizeGb: 1}}]
    pace:
      launch: {{count: 10, percent: 0, window: 5s}}
      wish: {{count: 20, percent: 50, window: 1m}}
"""
    )
    check = subprocess.run(["./weir", "check", "--config", config, "--home", home], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    print(check.stdout)
    expect("./weir check says that its pools could run", check.returncode == 0)

    start("adapter", "./weir", "adapter", cloud, "--config", config, "--home", home, "--port", "0", "--management-port", "0",
          stdout=subprocess.DEVNULL)  # fmt: skip
    adapter = until("the adapter is there", 120, lambda: running("adapter"))["url"]
    try:
        call(adapter, "/pools/web/pool/size", None)
        expect("the adapter lets nobody in without a certificate", False)
    except (ssl.SSLError, urllib.error.URLError, ConnectionError):
        expect("the adapter lets nobody in without a certificate", True)
    return adapter


def scale(adapter, page):
    """The autoscaler, which reads this page and moves the pool."""
    config = work / "autoscaler.yml"
    config.write_text(
        f"""
server: {{port: 0, managementPort: 0}}
targets:
  - name: web
    adapter:
      url: {adapter}
      pool: web
      certificate: {home}/certs/autoscaler.pem
      key: {home}/certs/autoscaler.key
      ca: {home}/certs/ca.pem
    min: 0
    max: 60
    metrics:
      requests:
        scrape:
          endpoints: [{page}]
          series: weir_traffic_requests_per_minute
        maxAge: 30s
        existsAtZero: true
    policies:
      - name: load
        total: {{metric: requests, capacityPerMachine: {PER_MACHINE}}}
    every: 2s
    limits:
      stepUp: {{machines: 20, percent: 100}}
      stepDown: {{machines: 20, percent: 100}}
      stabilization: 4s
      coolDownUp: 0s
      coolDownDown: 2s
"""
    )
    start("autoscaler", "./weir", "autoscaler", "--config", config, "--home", home, stdout=subprocess.DEVNULL)
    return until("the autoscaler is there", 120, lambda: running("autoscaler"))["url"]


def play(adapter, who, living, patience, at_the_top, is_over=lambda: True, at_the_end=lambda: None):
    """The load is played.

    who lists what the cloud has; living answers the ids of the pool's machines that are alive, by its word; patience, in seconds, is for
    the cloud to list the members at the top; at_the_top and at_the_end look closer; is_over is due, too, before the pool counts as empty.
    """
    traffic = start("traffic", "./weir", "traffic", load(), "--time-scale", "60", "--hold", stdout=subprocess.PIPE)
    page = traffic.stdout.readline().decode().split()[-1]
    autoscaler = scale(adapter, page)

    def members():
        machines = call(adapter, "/pools/web/pool", "viewer")["machines"]
        return {machine["id"] for machine in machines if machine["machineState"] in ("PENDING", "RUNNING")}

    def size():
        return call(adapter, "/pools/web/pool/size", "viewer")

    def is_exact():
        now = size()
        ids = living()
        return now["desiredSize"] == now["active"] == len(ids) and ids == members()

    top = 0
    most = 0

    def is_up():
        nonlocal top, most
        top = max(top, size()["desiredSize"])
        most = max(most, len(living()))
        return top >= 25

    urllib.request.urlopen(urllib.request.Request(page.replace("/metrics", "/play"), method="POST")).read()
    begun = time.monotonic()
    until("the autoscaler wants 25 machines", 120, is_up)
    call(autoscaler, "/targets/web/pause", "operator", {"reason": "to look"})
    until(f"{who} lists exactly the members at the top", patience, is_exact)
    there = living()
    expect(f"at the top {who} lists exactly the {len(there)} members", len(there) >= 25)
    at_the_top()
    call(autoscaler, "/targets/web/resume", "operator", {"reason": "seen"})

    seen = []

    def is_empty():
        nonlocal top, most
        now = size()["desiredSize"]
        top = max(top, now)
        most = max(most, len(living()))
        if not seen or seen[-1] != now:
            seen.append(now)
        return now == 0 and is_over() and is_exact()

    until("the pool is empty again", 420, is_empty)
    print("       wished one after the other:", *seen)
    expect(f"{most} machines at once at most, as many as were wished at most ({top})", most <= top)
    expect("it went down in steps", len([1 for a, b in zip(seen, seen[1:]) if b < a]) >= 3)
    at_the_end()
    decisions = call(autoscaler, "/targets/web/decisions?limit=1", "viewer")
    expect("the autoscaler tells why", bool(decisions))
    print(f"the fleet took {time.monotonic() - begun:.0f} s")
