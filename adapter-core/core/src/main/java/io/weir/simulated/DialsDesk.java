package io.weir.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.service.json.Spelling;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cloud's dials as one JSON document, with its seed.
 *
 * <ol>
 *   <li>A partial document is merged in (RFC 7396): what it does not name stays, {@code null} puts a dial back to its default and
 *       takes an entry out of a table.
 *   <li>A delay ({@code boot}, {@code end}) is replaced whole.
 *   <li>An unknown name, a wrong type or a value that makes no sense refuses all of it.
 *   <li>A named seed deals the dice anew.
 * </ol>
 */
public final class DialsDesk {
    private static final Set<String> WHOLE = Set.of("boot", "end");
    private static final ObjectNode DEFAULTS = CloudJson.STRICT.valueToTree(Dials.DEFAULT);
    private static final String SEED = "seed";

    private final SimulatedCloud cloud;
    private final Keeper keeper;
    private long seed;

    /** Where the document is kept. */
    public interface Keeper {
        void keep(JsonNode document);
    }

    /** Why a document was refused. */
    public static final class BadDials extends Exception {
        private static final long serialVersionUID = 1;

        BadDials(String message) {
            super(message);
        }
    }

    /** A seed and dials. */
    public record Setting(long seed, Dials dials) {}

    public DialsDesk(SimulatedCloud cloud, long seed, Keeper keeper) {
        this.cloud = cloud;
        this.seed = seed;
        this.keeper = keeper;
    }

    public synchronized JsonNode document() {
        return document(new Setting(seed, cloud.dials()));
    }

    public synchronized JsonNode patch(JsonNode patch) throws BadDials {
        Setting setting = merged(new Setting(seed, cloud.dials()), patch);
        keeper.keep(document(setting));
        cloud.turn(setting.dials());
        if (patch.has(SEED)) {
            cloud.reseed(setting.seed());
        }
        seed = setting.seed();
        return document();
    }

    public static JsonNode document(Setting setting) {
        ObjectNode document = CloudJson.STRICT.createObjectNode();
        document.put(SEED, setting.seed());
        ObjectNode dials = CloudJson.STRICT.valueToTree(setting.dials());
        return document.setAll(dials);
    }

    /** What a document, partial or whole, makes of a setting. */
    public static Setting merged(Setting setting, JsonNode patch) throws BadDials {
        if (!patch.isObject()) {
            throw new BadDials("the dials are an object");
        }
        long seed = setting.seed();
        ObjectNode tree = CloudJson.STRICT.valueToTree(setting.dials());
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (name.equals(SEED)) {
                if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                    throw new BadDials("seed: not a whole number");
                }
                seed = value.longValue();
            } else {
                merge(tree, DEFAULTS, WHOLE, name, value);
            }
        }
        try {
            return new Setting(seed, CloudJson.STRICT.treeToValue(tree, Dials.class));
        } catch (UnrecognizedPropertyException unknown) {
            Set<String> known = new TreeSet<>();
            unknown.getKnownPropertyIds().forEach(id -> known.add(String.valueOf(id)));
            String hint = Spelling.nearest(unknown.getPropertyName(), known)
                    .map(name -> ", did you mean \"" + name + "\"?")
                    .orElse("; there is " + String.join(", ", known));
            throw new BadDials(path(unknown) + ": not a dial" + hint);
        } catch (JsonMappingException wrong) {
            throw new BadDials(
                    wrong.getCause() instanceof IllegalArgumentException sense
                            ? String.valueOf(sense.getMessage())
                            : path(wrong) + ": not of the right kind");
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    /**
     * Merges one entry of a partial document.
     *
     * @param whole dials that are replaced whole
     */
    public static void merge(ObjectNode dials, ObjectNode defaults, Set<String> whole, String name, JsonNode value) {
        if (value.isNull() && defaults.has(name)) {
            dials.set(name, defaults.get(name));
        } else if (!whole.contains(name) && value.isObject() && dials.get(name) instanceof ObjectNode table) {
            value.properties().forEach(cell -> {
                if (cell.getValue().isNull()) {
                    table.remove(cell.getKey());
                } else {
                    table.set(cell.getKey(), cell.getValue());
                }
            });
        } else {
            dials.set(name, value);
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
