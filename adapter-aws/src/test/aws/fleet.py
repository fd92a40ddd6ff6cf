"""The whole way on moto, through the launcher: a recorded load, the autoscaler, the adapter of AWS over mutual TLS, and EC2's API.

The pool goes up, down and to 0. At the top and at the end boto3, which knows nothing of Weir, lists what there is: exactly the members,
no name twice, and in the end nothing that bears a mark of Weir's. Run with the Python of a virtual environment that has moto:

    PYTHON adapter-aws/src/test/aws/fleet.py
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
import urllib.request

import boto3

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAFLEET", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_REGION": REGION}
LIVES = ("pending", "running")
PER_MACHINE = 120

work = pathlib.Path(tempfile.mkdtemp(prefix="weir-fleet."))
home = work / "home"
started = []


def start(name, *command, **how):
    log = open(work / (name + ".log"), "w")
    process = subprocess.Popen(command, cwd=ROOT, stderr=log, env={**os.environ, **KEYS}, **how)
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


def main():
    subprocess.run(["./weir", "adapter", "aws", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    moto = start("moto", sys.executable, HERE / "moto-server.py", "--fill", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    address = moto.stdout.readline().decode().strip()
    expect("moto answers at " + address, address.startswith("http"))
    ec2 = boto3.client(
        "ec2",
        region_name=REGION,
        endpoint_url=address,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    image = ec2.describe_images(
        Filters=[{"Name": "architecture", "Values": ["x86_64"]}, {"Name": "root-device-type", "Values": ["ebs"]}]
    )["Images"][0]["ImageId"]
    foreign = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]

    config = work / "aws.yml"
    config.write_text(
        f"""
cloud: aws
watch: {{interval: 2s, busy: 500ms, staleAfter: 1m}}
connections:
  main:
    endpoint: {address}
    lag: 1s
    lateness: 1s
pools:
  web:
    min: 0
    max: 60
    size: 0
    image: {image}
    machineTypes: [t3.micro]
    dataVolumes: [{{sizeGb: 1}}]
    pace:
      launch: {{count: 10, percent: 0, window: 5s}}
      wish: {{count: 20, percent: 50, window: 1m}}
"""
    )
    check = subprocess.run(
        ["./weir", "check", "--config", config, "--home", home],
        cwd=ROOT,
        env={**os.environ, **KEYS},
        stdout=subprocess.PIPE,
        text=True,
    )
    print(check.stdout)
    expect("./weir check says that its pools could run", check.returncode == 0)

    start("adapter", "./weir", "adapter", "aws", "--config", config, "--home", home, "--port", "0", "--management-port", "0",
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

    def listed(states):
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "tag:weir-pool", "Values": ["web"]}, {"Name": "instance-state-name", "Values": list(states)}]
        )
        return [machine for page in pages for group in page["Reservations"] for machine in group["Instances"]]

    def members():
        machines = call(adapter, "/pools/web/pool", "viewer")["machines"]
        return {machine["id"] for machine in machines if machine["machineState"] in ("PENDING", "RUNNING")}

    def size():
        return call(adapter, "/pools/web/pool/size", "viewer")

    def is_exact():
        now = size()
        ids = {machine["InstanceId"] for machine in listed(LIVES)}
        return now["desiredSize"] == now["active"] == len(ids) and ids == members()

    top = 0
    most = 0

    def is_up():
        nonlocal top, most
        top = max(top, size()["desiredSize"])
        most = max(most, len(listed(LIVES)))
        return top >= 25

    urllib.request.urlopen(urllib.request.Request(page.replace("/metrics", "/play"), method="POST")).read()
    begun = time.monotonic()
    until("the autoscaler wants 25 machines", 120, is_up)
    call(autoscaler, "/targets/web/pause", "operator", {"reason": "to look"})
    until("boto3 lists exactly the members at the top", 60, is_exact)
    there = listed(LIVES)
    expect(f"at the top boto3 lists exactly the {len(there)} members", len(there) >= 25)
    tags = [{tag["Key"]: tag["Value"] for tag in machine["Tags"]} for machine in there]
    expect("each bears the marks of the pool", all({"weir-pool", "weir-marks", "weir-batch"} <= tag.keys() for tag in tags))
    data = ec2.describe_volumes(Filters=[{"Name": "size", "Values": ["1"]}, {"Name": "tag:weir-pool", "Values": ["web"]}])["Volumes"]
    owners = {each["InstanceId"] for volume in data for each in volume["Attachments"]}
    expect("each has its data volume, with the pool's mark", owners == {machine["InstanceId"] for machine in there})
    call(autoscaler, "/targets/web/resume", "operator", {"reason": "seen"})

    seen = []

    def is_empty():
        nonlocal top, most
        now = size()["desiredSize"]
        top = max(top, now)
        most = max(most, len(listed(LIVES)))
        if not seen or seen[-1] != now:
            seen.append(now)
        return now == 0 and is_exact()

    until("the pool is empty again", 420, is_empty)
    print("       wished one after the other:", *seen)
    expect(f"{most} machines at once at most, as many as were wished at most ({top})", most <= top)
    expect("it went down in steps", len([1 for a, b in zip(seen, seen[1:]) if b < a]) >= 3)
    ever = listed(("pending", "running", "shutting-down", "stopping", "stopped", "terminated"))
    names = {(machine["ClientToken"], machine["AmiLaunchIndex"]) for machine in ever}
    expect(f"{len(ever)} were launched in {len({token for token, _ in names})} calls, no name twice", len(names) == len(ever))
    marked = [{"Name": "tag-key", "Values": ["weir-pool", "weir-marks", "weir-batch"]}]
    expect("no volume with a mark is left", not ec2.describe_volumes(Filters=marked)["Volumes"])
    expect("no interface with a mark is left", not ec2.describe_network_interfaces(Filters=marked)["NetworkInterfaces"])
    other = ec2.describe_instances(InstanceIds=[foreign])["Reservations"][0]["Instances"][0]
    expect("somebody else's machine runs on", other["State"]["Name"] == "running")
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
