package io.weir.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.driver.TemplateProblems;
import io.weir.driver.TemplateProblems.Problem;
import io.weir.pool.Choice;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument;
import io.weir.pool.Template;
import io.weir.simulated.SimulatedApi.Catalog;
import io.weir.simulated.SimulatedApi.MachineType;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A document against this cloud's catalog.
 *
 * <ol>
 *   <li>The image's name is pinned to what it stands for now; no image means {@value #DEFAULT_IMAGE}.
 *   <li>Choices: the machine types in the order wished (none: the cheapest), each in the zones wished (none: all), on the market
 *       of the {@code simulated:} section ({@code on-demand} unless it says {@code spot}).
 *   <li>The section knows {@code market} and {@code region}; anything else is a problem, and so is another region than this one.
 *   <li>Labels are tags: at most 128 characters of key and 256 of value, and {@code weir-} is Weir's own.
 * </ol>
 *
 * All problems at once. A pure function of its arguments.
 */
final class SimulatedTemplates {
    static final String DEFAULT_IMAGE = "weir";
    private static final Set<String> KEYS = Set.of("market", "region");
    private static final int USER_DATA_MAX = 65_536;

    private SimulatedTemplates() {}

    static Template template(PoolDocument document, Catalog catalog, String region) throws TemplateProblems {
        List<Problem> problems = new ArrayList<>();
        Map<String, MachineType> types =
                catalog.types().stream().collect(Collectors.toMap(MachineType::name, Function.identity()));

        String imageName = document.image().orElse(DEFAULT_IMAGE);
        String image = catalog.images().get(imageName);
        if (image == null) {
            problems.add(new Problem(
                    "image",
                    "there is no image \"" + imageName + "\""
                            + known(catalog.images().keySet())));
        }
        unknown("machineTypes", document.machineTypes(), types.keySet(), "machine type", problems);
        unknown("zones", document.zones(), Set.copyOf(catalog.zones()), "zone", problems);
        Market market = section(document.section(), region, problems);
        labels(document.labels(), problems);
        document.userData()
                .filter(data -> data.getBytes(UTF_8).length > USER_DATA_MAX)
                .ifPresent(data -> problems.add(new Problem("userData", "more than " + USER_DATA_MAX + " bytes")));
        if (image == null || !problems.isEmpty()) {
            throw new TemplateProblems(problems);
        }

        List<String> wished = document.machineTypes().isEmpty()
                ? List.of(catalog.types().get(0).name())
                : document.machineTypes();
        List<String> zones = document.zones().isEmpty() ? catalog.zones() : document.zones();
        List<Choice> choices = new ArrayList<>();
        for (String name : wished) {
            MachineType type = types.get(name);
            if (type != null) {
                BigDecimal price = market == Market.SPOT ? type.spot() : type.price();
                zones.forEach(zone -> choices.add(new Choice(zone, name, market, Optional.of(price))));
            }
        }
        String frozen = frozen(document, image).toString();
        String identity = frozen + choices.stream().map(Choice::key).toList();
        return new Template(digest(identity), choices, frozen, SimulatedMachines.PROVIDER, region);
    }

    private static void unknown(
            String field, List<String> wished, Set<String> there, String what, List<Problem> problems) {
        for (int i = 0; i < wished.size(); i++) {
            if (!there.contains(wished.get(i))) {
                problems.add(new Problem(
                        field + "[" + i + "]", "there is no " + what + " \"" + wished.get(i) + "\"" + known(there)));
            } else if (wished.indexOf(wished.get(i)) < i) {
                problems.add(new Problem(field + "[" + i + "]", "\"" + wished.get(i) + "\" again"));
            }
        }
    }

    private static Market section(String text, String region, List<Problem> problems) {
        JsonNode section;
        try {
            section = CloudJson.STRICT.readTree(text);
        } catch (JsonProcessingException malformed) {
            problems.add(new Problem("simulated", "not JSON"));
            return Market.ON_DEMAND;
        }
        if (!section.isObject()) {
            problems.add(new Problem("simulated", "not an object"));
            return Market.ON_DEMAND;
        }
        section.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                problems.add(new Problem("simulated." + key, "not a field here" + known(KEYS)));
            }
        });
        JsonNode wishedRegion = section.path("region");
        if (!wishedRegion.isMissingNode()
                && !(wishedRegion.isTextual() && wishedRegion.textValue().equals(region))) {
            problems.add(new Problem("simulated.region", "this connection's region is \"" + region + "\""));
        }
        JsonNode market = section.path("market");
        if (market.isMissingNode() || (market.isTextual() && market.textValue().equals("on-demand"))) {
            return Market.ON_DEMAND;
        }
        if (market.isTextual() && market.textValue().equals("spot")) {
            return Market.SPOT;
        }
        problems.add(new Problem("simulated.market", "neither \"on-demand\" nor \"spot\""));
        return Market.ON_DEMAND;
    }

    private static void labels(Map<String, String> labels, List<Problem> problems) {
        new TreeMap<>(labels).forEach((key, value) -> {
            if (key.startsWith("weir-")) {
                problems.add(new Problem("labels." + key, "weir- is for Weir's own tags"));
            } else if (key.isEmpty() || key.length() > 128) {
                problems.add(new Problem("labels." + key, "the key is not of 1 to 128 characters"));
            }
            if (value.length() > 256) {
                problems.add(new Problem("labels." + key, "the value is longer than 256 characters"));
            }
        });
    }

    /** In an order that does not depend on anything but the document: the text is compared. */
    private static ObjectNode frozen(PoolDocument document, String image) {
        ObjectNode frozen = JsonNodeFactory.instance.objectNode();
        frozen.put("image", image);
        frozen.put("publicAddress", document.publicAddress());
        document.userData().ifPresent(data -> frozen.put("userData", data));
        document.sshKey().ifPresent(key -> frozen.put("sshKey", key));
        document.network().ifPresent(network -> frozen.put("network", network));
        ArrayNode volumes = frozen.putArray("dataVolumes");
        for (PoolDocument.DataVolume volume : document.dataVolumes()) {
            ObjectNode entry = volumes.addObject();
            entry.put("sizeGb", volume.sizeGb());
            volume.type().ifPresent(type -> entry.put("type", type));
            entry.put("encrypted", volume.encrypted());
        }
        ObjectNode labels = frozen.putObject("labels");
        new TreeMap<>(document.labels()).forEach(labels::put);
        return frozen;
    }

    private static String known(Set<String> names) {
        return "; there is " + String.join(", ", names.stream().sorted().toList());
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
