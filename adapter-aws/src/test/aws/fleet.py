"""The whole way on moto, as .ci/fleet_run.py describes it. boto3, which knows nothing of Weir, lists what there is: exactly the members, no
name twice, and in the end nothing that bears a mark of Weir's. Run with the Python of a virtual environment that has moto:

    PYTHON adapter-aws/src/test/aws/fleet.py
"""

import os
import pathlib
import subprocess
import sys

import boto3

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[3] / ".ci"))

from fleet_run import build, expect, play, run, serve, start  # noqa: E402

REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAFLEET", "AWS_SECRET_ACCESS_KEY": "not-a-secret", "AWS_REGION": REGION}
LIVES = ("pending", "running")


def main():
    os.environ.update(KEYS)
    build("aws")
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

    def listed(states):
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "tag:weir-pool", "Values": ["web"]}, {"Name": "instance-state-name", "Values": list(states)}]
        )
        return [machine for page in pages for group in page["Reservations"] for machine in group["Instances"]]

    def living():
        return {machine["InstanceId"] for machine in listed(LIVES)}

    def at_the_top():
        there = listed(LIVES)
        tags = [{tag["Key"]: tag["Value"] for tag in machine["Tags"]} for machine in there]
        expect("each bears the marks of the pool", all({"weir-pool", "weir-marks", "weir-batch"} <= tag.keys() for tag in tags))
        data = ec2.describe_volumes(Filters=[{"Name": "size", "Values": ["1"]}, {"Name": "tag:weir-pool", "Values": ["web"]}])["Volumes"]
        owners = {each["InstanceId"] for volume in data for each in volume["Attachments"]}
        expect("each has its data volume, with the pool's mark", owners == {machine["InstanceId"] for machine in there})

    def at_the_end():
        ever = listed(("pending", "running", "shutting-down", "stopping", "stopped", "terminated"))
        names = {(machine["ClientToken"], machine["AmiLaunchIndex"]) for machine in ever}
        expect(f"{len(ever)} were launched in {len({token for token, _ in names})} calls, no name twice", len(names) == len(ever))
        marked = [{"Name": "tag-key", "Values": ["weir-pool", "weir-marks", "weir-batch"]}]
        expect("no volume with a mark is left", not ec2.describe_volumes(Filters=marked)["Volumes"])
        expect("no interface with a mark is left", not ec2.describe_network_interfaces(Filters=marked)["NetworkInterfaces"])
        other = ec2.describe_instances(InstanceIds=[foreign])["Reservations"][0]["Instances"][0]
        expect("somebody else's machine runs on", other["State"]["Name"] == "running")

    connections = f"""
  main:
    endpoint: {address}
    lag: 1s
    lateness: 1s
"""
    adapter = serve("aws", connections, image, "t3.micro", busy="500ms")
    play(adapter, "boto3", living, 60, at_the_top, at_the_end=at_the_end)


if __name__ == "__main__":
    run(main)
