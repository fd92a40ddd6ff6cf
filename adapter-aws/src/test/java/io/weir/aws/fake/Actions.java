package io.weir.aws.fake;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the fake speaks of EC2, with the parameters that it heeds. */
final class Actions {
    private static final Set<String> FILTERS = Set.of("Filter.N.Name", "Filter.N.Value.N");
    private static final Set<String> PAGES = Set.of("MaxResults", "NextToken");
    private static final Set<String> TAGS = Set.of("ResourceId.N", "Tag.N.Key", "Tag.N.Value");

    private final Map<String, Action> actions = new TreeMap<>();

    private Actions() {}

    static Map<String, Action> over(Ground ground) {
        InstanceView view = new InstanceView(ground);
        Tagging tagging = new Tagging(ground);
        Launching launching = new Launching(ground, view);
        Ending ending = new Ending(ground, tagging);
        Attributes attributes = new Attributes(ground, tagging);
        Listing listing = new Listing(ground, view);
        Catalogue catalogue = new Catalogue(ground);

        Actions actions = new Actions();
        actions.change("RunInstances", LaunchRequest.UNDERSTOOD, launching::needs, launching::run);
        actions.change("TerminateInstances", Set.of("InstanceId.N"), ending::needs, ending::terminate);
        actions.change("CreateTags", TAGS, query -> tagging.needs("CreateTags", query), tagging::create);
        actions.change("DeleteTags", TAGS, query -> tagging.needs("DeleteTags", query), tagging::delete);
        actions.change(
                "ModifyInstanceAttribute",
                Set.of("InstanceId", "Attribute", "Value", "DisableApiTermination.Value"),
                query -> attributes.needs("ModifyInstanceAttribute", query),
                attributes::modify);

        actions.read("DescribeInstances", both(Set.of("InstanceId.N"), FILTERS, PAGES), listing::instances);
        actions.read("DescribeTags", both(FILTERS, PAGES), tagging::describe);
        actions.read("DescribeVolumes", both(Set.of("VolumeId.N"), FILTERS, PAGES), listing::volumes);
        actions.read(
                "DescribeNetworkInterfaces", both(Set.of("NetworkInterfaceId.N"), FILTERS, PAGES), listing::interfaces);
        actions.read(
                "DescribeSpotInstanceRequests",
                both(Set.of("SpotInstanceRequestId.N"), FILTERS, PAGES),
                listing::spotRequests);
        actions.read("DescribeInstanceAttribute", Set.of("InstanceId", "Attribute"), attributes::describe);

        actions.read("DescribeImages", both(Set.of("ImageId.N", "Owner.N"), FILTERS, PAGES), catalogue::images);
        actions.read("DescribeSubnets", both(Set.of("SubnetId.N"), FILTERS, PAGES), catalogue::subnets);
        actions.read(
                "DescribeSecurityGroups", both(Set.of("GroupId.N", "GroupName.N"), FILTERS, PAGES), catalogue::groups);
        actions.read("DescribeInstanceTypes", both(Set.of("InstanceType.N"), FILTERS, PAGES), catalogue::types);
        actions.read(
                "DescribeInstanceTypeOfferings", both(Set.of("LocationType"), FILTERS, PAGES), catalogue::offerings);
        actions.read("DescribeAvailabilityZones", both(Set.of("ZoneName.N"), FILTERS), catalogue::zones);
        actions.read("DescribeKeyPairs", both(Set.of("KeyName.N"), FILTERS), catalogue::keyPairs);
        Set<String> templates = Set.of("LaunchTemplateId.N", "LaunchTemplateName.N");
        actions.read("DescribeLaunchTemplates", both(templates, FILTERS, PAGES), catalogue::templates);
        actions.read(
                "DescribeLaunchTemplateVersions",
                Set.of("LaunchTemplateId", "LaunchTemplateName", "LaunchTemplateVersion.N"),
                catalogue::templateVersions);
        // Of a price's history there is only its end: prices of the fake do not move.
        actions.read(
                "DescribeSpotPriceHistory",
                both(
                        Set.of("InstanceType.N", "ProductDescription.N", "AvailabilityZone", "StartTime", "EndTime"),
                        PAGES),
                catalogue::spotPrices);
        actions.read("DescribeAccountAttributes", Set.of("AttributeName.N"), catalogue::accountAttributes);
        return Map.copyOf(actions.actions);
    }

    private void read(String name, Set<String> understood, Action.Work work) {
        actions.put(name, Action.read(understood, name, work));
    }

    private void change(String name, Set<String> understood, Action.Needs needs, Action.Work work) {
        actions.put(name, Action.change(understood, needs, work));
    }

    @SafeVarargs
    private static Set<String> both(Set<String>... sets) {
        Set<String> all = new TreeSet<>();
        for (Set<String> set : sets) {
            all.addAll(set);
        }
        return Set.copyOf(all);
    }
}
