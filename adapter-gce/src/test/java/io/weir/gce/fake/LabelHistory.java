package io.weir.gce.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The labels of one resource, now and at any moment before. */
final class LabelHistory {
    /** Of nothing, as the recordings have it. */
    static final String EMPTY = "42WmSpB8rSM=";

    private record Since(long at, Map<String, String> labels) {}

    private final List<Since> history = new ArrayList<>(1);

    LabelHistory(long at, Map<String, String> labels) {
        set(at, labels);
    }

    void set(long at, Map<String, String> labels) {
        history.add(new Since(at, Map.copyOf(labels)));
    }

    Map<String, String> now() {
        return history.get(history.size() - 1).labels;
    }

    /** What it bore then; before its beginning what it was born with. */
    Map<String, String> at(long time) {
        for (int i = history.size() - 1; i > 0; i--) {
            if (history.get(i).at <= time) {
                return history.get(i).labels;
            }
        }
        return history.get(0).labels;
    }

    interface Visitor {
        void see(long at, Map<String, String> labels);
    }

    void forEach(Visitor visitor) {
        history.forEach(since -> visitor.see(since.at, since.labels));
    }

    static String fingerprint(Map<String, String> labels) {
        return labels.isEmpty() ? EMPTY : hash(new TreeMap<>(labels).toString());
    }

    /** Eight bytes of it, as Compute writes fingerprints. */
    static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }
}
