package io.weir.aws.ec2;

import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What an EBS volume of each type may be. Source: EBS user guide, "Amazon EBS volume types". Upper bounds are left to EC2: they grow. */
final class VolumeTypes {
    static final String USUAL = "gp3";

    private record Rule(int leastGb, boolean iops, boolean throughput) {}

    private static final Map<String, Rule> RULES = Map.of(
            "gp2", new Rule(1, false, false),
            "gp3", new Rule(1, true, true),
            "io1", new Rule(4, true, false),
            "io2", new Rule(4, true, false),
            "st1", new Rule(125, false, false),
            "sc1", new Rule(125, false, false),
            "standard", new Rule(1, false, false));

    private VolumeTypes() {}

    /** @param tell takes the field's name and what is wrong with it */
    static void problems(Ec2Section.Volume volume, BiConsumer<String, String> tell) {
        String type = volume.type().orElse(USUAL);
        Rule rule = RULES.get(type);
        if (rule == null) {
            tell.accept("type", "there is no volume type \"" + type + "\"; there is " + known());
            return;
        }
        volume.sizeGb()
                .filter(size -> size < rule.leastGb())
                .ifPresent(size ->
                        tell.accept("sizeGb", "a volume of type " + type + " has at least " + rule.leastGb() + " GiB"));
        if (volume.iops().isPresent() && !rule.iops()) {
            tell.accept("iops", "a volume of type " + type + " has no iops to set");
        }
        if (volume.iops().isEmpty() && type.startsWith("io")) {
            tell.accept("iops", "is missing; a volume of type " + type + " needs it");
        }
        if (volume.throughput().isPresent() && !rule.throughput()) {
            tell.accept("throughput", "a volume of type " + type + " has no throughput to set; gp3 has");
        }
    }

    private static String known() {
        return String.join(", ", new TreeSet<>(RULES.keySet()));
    }
}
