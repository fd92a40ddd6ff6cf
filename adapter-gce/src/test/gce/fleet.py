"""The whole way on the fake Compute Engine, as .ci/fleet_run.py describes it. Plain requests to the API, which know nothing of Weir, list what
there is: exactly the members, no name twice, and in the end no instance and no disk that bears a mark of Weir's. Needs what ./weir test and
./weir adapter gce have built, and a java of 21 or newer in JAVA_HOME or on the PATH:

    python3 adapter-gce/src/test/gce/fleet.py
"""

import json
import os
import pathlib
import subprocess
import sys
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[4]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / ".ci"))

from fleet_run import build, expect, play, run, serve, start, until, work  # noqa: E402

MODULE = ROOT / "adapter-gce/target"
PROJECT = "weir-example"
ZONE = "us-central1-a"
TOKEN = "weirs-token"
LIVES = ("PROVISIONING", "STAGING", "RUNNING")


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
    build("gce")
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

    def bearing(kind):
        return [(name, row) for name, row in api.all(kind) if any(key.startswith("weir-") for key in row.get("labels", {}))]

    def there():
        return {name: row for name, row in bearing("instances") if row["status"] in LIVES}

    def each_has_its_disk():
        data = [row for _, row in bearing("disks") if row["sizeGb"] == "1"]
        users = sorted(user.split("/")[-1] for disk in data for user in disk.get("users", []))
        return users == sorted(row["name"] for row in there().values())

    def at_the_top():
        expect(
            "each bears the labels of the pool",
            all({"weir-pool", "weir-marks", "weir-batch", "weir-launch"} <= row["labels"].keys() for row in there().values()),
        )
        until("each has its data disk, with the pool's label", 60, each_has_its_disk)
        print("ok     each has its data disk, with the pool's label", flush=True)

    def at_the_end():
        expect("no disk with a label of Weir's is left", not bearing("disks"))
        left = api.all("instances")
        expect("somebody else's machine runs on, alone", [(row["name"], row["status"]) for _, row in left] == [("somebody-elses", "RUNNING")])

    (work / "token").write_text(TOKEN)
    connections = f"""
  main:
    project: {PROJECT}
    region: us-central1
    endpoint: {address}
    credentials: {{accessToken: "file:{work}/token"}}
    lag: 1s
    lateness: 1s
    limits:
      list: {{perSecond: 4, burst: 20}}
"""
    adapter = serve("gce", connections, "debian-cloud/debian-12", "e2-small", busy="1s")
    play(adapter, "the API", lambda: set(there()), 90, at_the_top, lambda: not bearing("instances"), at_the_end)


if __name__ == "__main__":
    run(main)
