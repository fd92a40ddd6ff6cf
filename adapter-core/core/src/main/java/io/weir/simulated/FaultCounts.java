package io.weir.simulated;

import java.util.EnumMap;
import java.util.Map;

/** How often each fault was injected, by the kind of call that it befell. Not safe for use by several threads. */
public final class FaultCounts {
    private static final int CALLS = Call.values().length;

    private final long[] counts = new long[Fault.values().length * CALLS];

    void count(Fault fault, Call call) {
        counts[fault.ordinal() * CALLS + call.ordinal()]++;
    }

    public long of(Fault fault, Call call) {
        return counts[fault.ordinal() * CALLS + call.ordinal()];
    }

    public long of(Fault fault) {
        long sum = 0;
        for (Call call : Call.values()) {
            sum += of(fault, call);
        }
        return sum;
    }

    public void add(FaultCounts more) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more.counts[i];
        }
    }

    public FaultCounts copy() {
        FaultCounts copy = new FaultCounts();
        copy.add(this);
        return copy;
    }

    /** Every fault, also those that never happened; of the calls only those that had it. */
    public Map<Fault, Map<Call, Long>> byFault() {
        Map<Fault, Map<Call, Long>> table = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            Map<Call, Long> row = new EnumMap<>(Call.class);
            for (Call call : Call.values()) {
                if (of(fault, call) > 0) {
                    row.put(call, of(fault, call));
                }
            }
            table.put(fault, row);
        }
        return table;
    }
}
