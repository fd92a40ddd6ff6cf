#!/usr/bin/env python3
"""Prints the part of EC2's service model that the fake speaks: each operation's parameters (<) and elements (>).

The model is the one that botocore (PyPI, Apache-2.0) carries: data/ec2/2016-11-15. Only names and types are taken.

    python3 -m venv v && v/bin/pip install botocore==1.44.8 && v/bin/python ec2-model.py \
        > ../resources/io/weir/aws/fake/ec2-model.txt
"""

import botocore
import botocore.loaders

OPERATIONS = """
RunInstances TerminateInstances DescribeInstances
CreateTags DeleteTags DescribeTags
DescribeInstanceAttribute ModifyInstanceAttribute
DescribeImages DescribeSubnets DescribeSecurityGroups DescribeKeyPairs DescribeVolumes DescribeNetworkInterfaces
DescribeInstanceTypes DescribeInstanceTypeOfferings DescribeAvailabilityZones
DescribeLaunchTemplates DescribeLaunchTemplateVersions
DescribeSpotInstanceRequests DescribeSpotPriceHistory DescribeAccountAttributes
""".split()

model = botocore.loaders.Loader().load_service_model("ec2", "service-2", "2016-11-15")
shapes = model["shapes"]


def capital(name):
    return name[:1].upper() + name[1:]


def parameter(member, reference):
    return reference.get("queryName") or capital(reference.get("locationName", member))


def element(member, reference):
    return reference.get("locationName", member)


def walk(shape_name, depth, named, above):
    shape = shapes[shape_name]
    if shape["type"] == "structure":
        members = {named(member, reference): reference for member, reference in shape["members"].items()}
        for name in sorted(members):
            line(name, members[name], depth, named, above | {shape_name})
    elif shape["type"] == "list":
        name = "N" if named is parameter else shape["member"].get("locationName", "member")
        line(name, shape["member"], depth, named, above)


def line(name, reference, depth, named, above):
    kind = shapes[reference["shape"]]["type"]
    if reference["shape"] in above:
        return
    print(" " * depth + name + ("" if kind in ("structure", "list") else " " + kind))
    walk(reference["shape"], depth + 1, named, above)


print(f"# EC2 2016-11-15 as in botocore {botocore.__version__}, made by adapter-aws/src/test/aws/ec2-model.py")
for operation in OPERATIONS:
    described = model["operations"][operation]
    for mark, end, named in ("<", "input", parameter), (">", "output", element):
        print(mark, operation)
        if end in described:
            walk(described[end]["shape"], 1, named, frozenset())
