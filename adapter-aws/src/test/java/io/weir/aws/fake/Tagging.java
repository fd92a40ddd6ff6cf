package io.weir.aws.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * CreateTags, DeleteTags and DescribeTags, and the rules for tags everywhere: at most 50 on a resource, keys of 128 and values of 256
 * characters, none that begins with {@code aws:}. A call changes all of its resources or none.
 */
final class Tagging {
    private static final int MOST = 50;
    private static final int RESOURCES_MOST = 1000;
    private static final int KEY_MOST = 128;
    private static final int VALUE_MOST = 256;

    private final Ground ground;

    Tagging(Ground ground) {
        this.ground = ground;
    }

    /** The tags of a call or of one of its tag specifications. */
    static Map<String, String> parse(Query query) throws Refusal {
        Map<String, String> tags = new TreeMap<>();
        for (Query tag : query.items("Tag")) {
            String key = tag.need("Key");
            String value = tag.text("Value").orElse("");
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw Refusal.value("Tag keys starting with 'aws:' are reserved for internal use");
            }
            if (key.length() > KEY_MOST) {
                throw Refusal.value(key, "Tag key", "Tag keys may be at most " + KEY_MOST + " characters.");
            }
            if (value.length() > VALUE_MOST) {
                throw Refusal.value(value, "Tag value", "Tag values may be at most " + VALUE_MOST + " characters.");
            }
            if (tags.put(key, value) != null) {
                throw Refusal.value("Duplicate tag key '" + key + "' specified.");
            }
        }
        limit(tags);
        return tags;
    }

    private static void limit(Map<String, String> tags) throws Refusal {
        if (tags.size() > MOST) {
            throw Refusal.client(
                    "TagLimitExceeded",
                    "The maximum number of Tags for a resource has been reached. Maximum is " + MOST);
        }
    }

    /** As a policy sees tags that are asked for. */
    static Map<String, Set<String>> requested(Map<String, String> tags) {
        Map<String, Set<String>> facts = new HashMap<>();
        tags.forEach((key, value) -> facts.put("aws:RequestTag/" + key, Set.of(value)));
        facts.put("aws:TagKeys", Set.copyOf(tags.keySet()));
        return facts;
    }

    /** As a policy sees tags that are there. */
    Map<String, Set<String>> present(String resource) {
        Map<String, Set<String>> facts = new HashMap<>();
        ground.ledger.tagsOf(resource).ifPresent(history -> history.now().forEach((key, value) -> {
            facts.put("aws:ResourceTag/" + key, Set.of(value));
            facts.put("ec2:ResourceTag/" + key, Set.of(value));
        }));
        return facts;
    }

    List<Action.Need> needs(String action, Query query) throws Refusal {
        List<Action.Need> needs = new ArrayList<>();
        for (String resource : query.texts("ResourceId")) {
            Map<String, Set<String>> facts = present(resource);
            Map<String, String> tags = new TreeMap<>();
            query.items("Tag")
                    .forEach(tag -> tags.put(
                            tag.text("Key").orElse(""), tag.text("Value").orElse("")));
            facts.putAll(requested(tags));
            needs.add(new Action.Need("ec2:" + action, ground.arn(type(resource) + "/" + resource), facts));
        }
        return needs;
    }

    Element create(Query query, long now) throws Refusal {
        Map<String, String> tags = parse(query);
        if (tags.isEmpty()) {
            throw Refusal.missing("tagSet");
        }
        return change(query, now, (merged, tag) -> merged.putAll(tags));
    }

    /** With a value, a tag goes only if it has that value; without tags, all go. */
    Element delete(Query query, long now) throws Refusal {
        List<Query> tags = query.items("Tag");
        return change(query, now, (merged, all) -> {
            if (tags.isEmpty()) {
                merged.clear();
            }
            for (Query tag : tags) {
                String key = tag.text("Key").orElse("");
                Optional<String> value = tag.text("Value");
                if (value.isEmpty() || value.get().equals(merged.get(key))) {
                    merged.remove(key);
                }
            }
        });
    }

    private Element change(Query query, long now, BiConsumer<Map<String, String>, Query> how) throws Refusal {
        List<String> resources = query.texts("ResourceId");
        if (resources.isEmpty()) {
            throw Refusal.missing("resourceIdSet");
        }
        if (resources.size() > RESOURCES_MOST) {
            throw Refusal.value("The maximum number of resources in one call is " + RESOURCES_MOST);
        }
        Map<String, Map<String, String>> changed = new TreeMap<>();
        List<String> unknownInstances = new ArrayList<>();
        for (String resource : resources) {
            if (ground.ledger.tagsOf(resource).isEmpty() || !isSeen(resource, now)) {
                if (!type(resource).equals("instance")) {
                    throw Refusal.client("InvalidID", "The ID '" + resource + "' is not valid");
                }
                if (!InstanceView.isWellFormed(resource)) {
                    throw Refusal.malformed("InvalidInstanceID", resource);
                }
                unknownInstances.add(resource);
                continue;
            }
            TagHistory history = ground.ledger.tagsOf(resource).orElseThrow();
            Map<String, String> merged = new TreeMap<>(history.now());
            how.accept(merged, query);
            limit(merged);
            if (!merged.equals(history.now())) {
                changed.put(resource, merged);
            }
        }
        if (!unknownInstances.isEmpty()) {
            throw Refusal.noInstances(unknownInstances);
        }
        Ground.endTrial(query);
        changed.forEach((resource, tags) ->
                ground.ledger.write(new Ec2Event.Tagged(Instant.ofEpochMilli(now), resource, tags)));
        return Element.of("answer", Element.text("return", true));
    }

    /** Tagging what was launched a moment ago may fail, as may looking at it. */
    private boolean isSeen(String resource, long now) {
        Optional<Instance> instance = ground.ledger.find(resource);
        return instance.isEmpty()
                || instance.get()
                        .shown(ground.stale(now, ground.dials.lagSeconds()), ground.tombstone())
                        .isPresent();
    }

    private record Row(String resource, String key, String value) {
        String order() {
            return resource + "/" + key;
        }
    }

    private final Filters<Row> filters = new Filters<Row>()
            .with("key", Row::key)
            .with("value", Row::value)
            .with("resource-id", Row::resource)
            .with("resource-type", row -> type(row.resource))
            .each("tag-key", row -> List.of(row.key));

    Element describe(Query query, long now) throws Refusal {
        long at = ground.stale(now, ground.dials.tagLagSeconds());
        List<Row> rows = new ArrayList<>();
        for (Instance instance : ground.ledger.shown()) {
            List<String> resources = new ArrayList<>(List.of(instance.id, instance.interfaceId()));
            instance.spec.volumes().forEach(volume -> resources.add(instance.volumeId(volume)));
            if (instance.spec.isSpot()) {
                resources.add(instance.spotRequestId());
            }
            for (String resource : resources) {
                if (instance.launched <= at) {
                    ground.ledger
                            .tagsOf(resource)
                            .orElseThrow()
                            .at(at)
                            .forEach((key, value) -> rows.add(new Row(resource, key, value)));
                }
            }
        }
        List<Row> passed = rows.stream()
                .filter(filters.of(query))
                .sorted(Comparator.comparing(Row::order))
                .toList();
        Pages<Row> page = Pages.of(query, passed, Row::order, ground.dials.pageSize());
        return Element.of(
                "answer",
                Element.list(
                        "tagSet",
                        page.things().stream()
                                .map(row -> Element.item(
                                        Element.text("resourceId", row.resource),
                                        Element.text("resourceType", type(row.resource)),
                                        Element.text("key", row.key),
                                        Element.text("value", row.value)))
                                .toList()),
                page.element());
    }

    static String type(String resource) {
        return switch (resource.split("-", 2)[0]) {
            case "i" -> "instance";
            case "vol" -> "volume";
            case "eni" -> "network-interface";
            case "sir" -> "spot-instances-request";
            default -> "unknown";
        };
    }
}
