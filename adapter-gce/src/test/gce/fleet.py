"""The whole way on the fake Compute Engine, through the launcher: a recorded load, the autoscaler, the adapter over mutual TLS, and the API.

The pool goes up, down and to 0. At the top and at the end plain requests to the API, which know nothing of Weir, list what there is: exactly
the members, no name twice, and in the end no instance and no disk that bears a mark of Weir's. Needs what ./weir test and ./weir adapter gce
have built, and a java of 21 or newer in JAVA_HOME or on the PATH:

    python3 adapter-gce/src/test/gce/fleet.py
"""

import csv
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
MODULE = ROOT / "adapter-gce/target"
PROJECT = "weir-example"
ZONE = "us-central1-a"
TOKEN = "weirs-token"
LIVES = ("PROVISIONING", "STAGING", "RUNNING")
PER_MACHINE = 120

work = pathlib.Path(tempfile.mkdtemp(prefix="weir-fleet."))
home = work / "home"
started = []


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


class Api:
    """Plain requests to the API, by nobody who knows Weir."""

    def __init__(self, address):
        self.root = address + "/compute/v1/projects/" + PROJECT

    def ask(self, path, body=None):
        request = urllib.request.Request(
            self.root + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def all(self, kind):
        rows = []
        token = ""
        while True:
            query = "?" + urllib.parse.urlencode({"pageToken": token}) if token else ""
            page = self.ask("/aggregated/" + kind + query)
            for scope, part in page["items"].items():
                rows += [(scope.split("/")[-1] + ":" + row["name"], row) for row in part.get(kind, [])]
            token = page.get("nextPageToken", "")
            if not token:
                return rows


def main():
    subprocess.run(["./weir", "adapter", "gce", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    path = ":".join([str(MODULE / "test-classes"), str(MODULE / "classes"), str(MODULE / "lib") + "/*"])
    java = pathlib.Path(os.environ["JAVA_HOME"], "bin/java") if "JAVA_HOME" in os.environ else "java"
    fake = start("fake", java, "-cp", path, "io.weir.gce.fake.RunFakeGce", "--home", work / "gce", stdout=subprocess.PIPE)
    address = fake.stdout.readline().decode().strip()
    expect("the fake answers at " + address, address.startswith("http"))
    api = Api(address)
    api.ask(
        "/zones/" + ZONE + "/instances",
        {
            "name": "somebody-elses",
            "machineType": "zones/" + ZONE + "/machineTypes/e2-small",
            "labels": {"owner": "somebody"},
            "disks": [{"boot": True, "autoDelete": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}],
            "networkInterfaces": [{"network": "global/networks/default"}],
        },
    )

    config = work / "gce.yml"
    (work / "token").write_text(TOKEN)
    config.write_text(
        f"""
cloud: gce
watch: {{interval: 2s, busy: 1s, staleAfter: 1m}}
connections:
  main:
    project: {PROJECT}
    region: us-central1
    endpoint: {address}
    credentials: {{accessToken: "file:{work}/token"}}
    lag: 1s
    lateness: 1s
    limits:
      list: {{perSecond: 4, burst: 20}}
pools:
  web:
    min: 0
    max: 60
    size: 0
    image: debian-cloud/debian-12
    machineTypes: [e2-small]
    dataVolumes: [{{sizeGb: 1}}]
    pace:
      launch: {{count: 10, percent: 0, window: 5s}}
      wish: {{count: 20, percent: 50, window: 1m}}
"""
    )
    check = subprocess.run(["./weir", "check", "--config", config, "--home", home], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    print(check.stdout)
    expect("./weir check says that its pools could run", check.returncode == 0)

    start("adapter", "./weir", "adapter", "gce", "--config", config, "--home", home, "--port", "0", "--management-port", "0",
          stdout=subprocess.DEVNULL)  # fmt: skip
    adapter = until("the adapter is there", 120, lambda: running("adapter"))["url"]
    try:
        call(adapter, "/pools/web/pool/size", None)
        expect("the adapter lets nobody in without a certificate", False)
    except (ssl.SSLError, urllib.error.URLError, ConnectionError):
        expect("the adapter lets nobody in without a certificate", True)

    traffic = start("traffic", "./weir", "traffic", load(), "--time-scale", "60", "--hold", stdout=subprocess.PIPE)
    page = traffic.stdout.readline().decode().split()[-1]
    scaling = work / "autoscaler.yml"
    scaling.write_text(
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
    start("autoscaler", "./weir", "autoscaler", "--config", scaling, "--home", home, stdout=subprocess.DEVNULL)
    autoscaler = until("the autoscaler is there", 120, lambda: running("autoscaler"))["url"]

    def bearing(kind):
        return [(name, row) for name, row in api.all(kind) if any(key.startswith("weir-") for key in row.get("labels", {}))]

    def living():
        return {name: row for name, row in bearing("instances") if row["status"] in LIVES}

    def members():
        machines = call(adapter, "/pools/web/pool", "viewer")["machines"]
        return {machine["id"] for machine in machines if machine["machineState"] in ("PENDING", "RUNNING")}

    def size():
        return call(adapter, "/pools/web/pool/size", "viewer")

    def is_exact():
        now = size()
        ids = set(living())
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
    until("the API lists exactly the members at the top", 90, is_exact)
    there = living()
    expect(f"at the top the API lists exactly the {len(there)} members", len(there) >= 25)
    expect(
        "each bears the labels of the pool",
        all({"weir-pool", "weir-marks", "weir-batch", "weir-launch"} <= row["labels"].keys() for row in there.values()),
    )

    def each_has_its_disk():
        data = [row for _, row in bearing("disks") if row["sizeGb"] == "1"]
        users = sorted(user.split("/")[-1] for disk in data for user in disk.get("users", []))
        return users == sorted(row["name"] for row in there.values())

    until("each has its data disk, with the pool's label", 60, each_has_its_disk)
    print("ok     each has its data disk, with the pool's label", flush=True)
    call(autoscaler, "/targets/web/resume", "operator", {"reason": "seen"})

    seen = []

    def is_empty():
        nonlocal top, most
        now = size()["desiredSize"]
        top = max(top, now)
        most = max(most, len(living()))
        if not seen or seen[-1] != now:
            seen.append(now)
        return now == 0 and not bearing("instances") and is_exact()

    until("the pool is empty again", 420, is_empty)
    print("       wished one after the other:", *seen)
    expect(f"{most} machines at once at most, as many as were wished at most ({top})", most <= top)
    expect("it went down in steps", len([1 for a, b in zip(seen, seen[1:]) if b < a]) >= 3)
    expect("no disk with a label of Weir's is left", not bearing("disks"))
    left = api.all("instances")
    expect("somebody else's machine runs on, alone", [(row["name"], row["status"]) for _, row in left] == [("somebody-elses", "RUNNING")])
    decisions = call(autoscaler, "/targets/web/decisions?limit=1", "viewer")
    expect("the autoscaler tells why", bool(decisions))
    print(f"the fleet took {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
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
