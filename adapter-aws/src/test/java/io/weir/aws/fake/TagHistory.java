package io.weir.aws.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tags of one resource, now and at any moment before. */
final class TagHistory {
    private record Since(long at, Map<String, String> tags) {}

    private final List<Since> history = new ArrayList<>(1);

    TagHistory(long at, Map<String, String> tags) {
        set(at, tags);
    }

    void set(long at, Map<String, String> tags) {
        history.add(new Since(at, Map.copyOf(tags)));
    }

    Map<String, String> now() {
        return history.get(history.size() - 1).tags;
    }

    /** What it bore then; before its beginning what it was born with. */
    Map<String, String> at(long time) {
        for (int i = history.size() - 1; i > 0; i--) {
            if (history.get(i).at <= time) {
                return history.get(i).tags;
            }
        }
        return history.get(0).tags;
    }

    interface Visitor {
        void see(long at, Map<String, String> tags);
    }

    void forEach(Visitor visitor) {
        history.forEach(since -> visitor.see(since.at, since.tags));
    }
}
