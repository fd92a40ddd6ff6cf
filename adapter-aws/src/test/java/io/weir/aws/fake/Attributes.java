package io.weir.aws.fake;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** DescribeInstanceAttribute and ModifyInstanceAttribute, as far as termination protection and what a launch was given. */
final class Attributes {
    private final Ground ground;
    private final Tagging tagging;

    Attributes(Ground ground, Tagging tagging) {
        this.ground = ground;
        this.tagging = tagging;
    }

    List<Action.Need> needs(String action, Query query) {
        String id = query.text("InstanceId").orElse("*");
        return List.of(new Action.Need("ec2:" + action, ground.arn("instance/" + id), tagging.present(id)));
    }

    Element describe(Query query, long now) throws Refusal {
        Instance instance = instance(query, now);
        String attribute = query.need("Attribute");
        Optional<Object> value =
                switch (attribute) {
                    case "disableApiTermination" -> Optional.of(instance.isProtected);
                    case "disableApiStop" -> Optional.of(false);
                    case "instanceType" -> Optional.of(instance.spec.instanceType());
                    case "instanceInitiatedShutdownBehavior" -> Optional.of(instance.spec.shutdownBehavior());
                    case "ebsOptimized" -> Optional.of(instance.spec.ebsOptimized());
                    case "rootDeviceName" -> Optional.of(instance.spec.rootDevice());
                    case "userData" -> Optional.ofNullable(instance.spec.userData());
                    default ->
                        throw attribute.matches("[a-zA-Z]+")
                                ? Refusal.notInTheFake("the attribute " + attribute)
                                : Refusal.value(attribute, "attribute", "Unknown attribute.");
                };
        return Element.of(
                "answer",
                Element.text("instanceId", instance.id),
                value.map(known -> Element.of(attribute, Element.text("value", known)))
                        .orElse(Element.of(attribute)));
    }

    Element modify(Query query, long now) throws Refusal {
        Instance instance = instance(query, now);
        Optional<String> flag = query.text("DisableApiTermination.Value").or(() -> query.text("Attribute")
                .filter("disableApiTermination"::equals)
                .flatMap(name -> query.text("Value")));
        if (flag.isEmpty()) {
            throw Refusal.client("InvalidParameterCombination", "No attributes specified.");
        }
        if (!instance.isAlive(now)) {
            throw Refusal.client(
                    "IncorrectInstanceState",
                    "The instance '" + instance.id + "' is not in a state in which its attributes can be modified.");
        }
        Ground.endTrial(query);
        ground.ledger.write(
                new Ec2Event.Protected(Instant.ofEpochMilli(now), instance.id, Boolean.parseBoolean(flag.get())));
        return Element.of("answer", Element.text("return", true));
    }

    private Instance instance(Query query, long now) throws Refusal {
        String id = query.need("InstanceId");
        if (!InstanceView.isWellFormed(id)) {
            throw Refusal.malformed("InvalidInstanceID", id);
        }
        return ground.ledger
                .find(id)
                .filter(one -> one.shown(ground.stale(now, ground.dials.lagSeconds()), ground.tombstone())
                        .isPresent())
                .orElseThrow(() -> Refusal.noInstances(List.of(id)));
    }
}
