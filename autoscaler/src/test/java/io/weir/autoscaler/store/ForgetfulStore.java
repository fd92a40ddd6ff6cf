package io.weir.autoscaler.store;

import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store that keeps everything as long as the test runs, and fails when told to. */
public final class ForgetfulStore implements TargetStore {
    private final Map<String, Memory> memories = new HashMap<>();
    private final Map<String, Pause> pauses = new HashMap<>();
    private final List<StoredDecision> decisions = new ArrayList<>();
    private boolean broken;

    public void breaks(boolean nowBroken) {
        broken = nowBroken;
    }

    public List<StoredDecision> all() {
        return decisions;
    }

    @Override
    public Memory memory(String target) {
        return memories.getOrDefault(target, Memory.NONE);
    }

    @Override
    public void remember(String target, Memory memory) {
        check();
        memories.put(target, memory);
    }

    @Override
    public void keep(String target, Decision decision) {
        check();
        memories.put(target, decision.after());
        decisions.add(new StoredDecision(
                decisions.size() + 1L,
                decision.beat().at(),
                decision.from(),
                decision.size(),
                decision.why(),
                DecisionJson.text(decision)));
    }

    @Override
    public List<StoredDecision> decisions(String target, @Nullable Long before, int most) {
        return decisions.reversed().stream()
                .filter(decision -> before == null || decision.id() < before)
                .limit(most)
                .toList();
    }

    @Override
    public @Nullable Pause pause(String target) {
        return pauses.get(target);
    }

    @Override
    public void setPause(String target, @Nullable Pause pause) {
        check();
        if (pause == null) {
            pauses.remove(target);
        } else {
            pauses.put(target, pause);
        }
    }

    @Override
    public @Nullable String fault() {
        return broken ? "broken" : null;
    }

    private void check() {
        if (broken) {
            throw new IllegalStateException("the disk is full");
        }
    }
}
