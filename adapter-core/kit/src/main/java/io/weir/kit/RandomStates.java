package io.weir.kit;

import io.weir.pool.BatchId;
import io.weir.pool.Charge;
import io.weir.pool.Gone;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Member;
import io.weir.pool.Pace;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.Rate;
import io.weir.pool.StoreId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Pool states at random: every component of every record takes all that its type allows, whether such a pool makes sense or not; a
 * component that is new is covered from the day it is there. The same generator in the same place makes the same states.
 */
public final class RandomStates {
    private static final List<String> TEXTS = List.of(
            "",
            "plain",
            "two words",
            "\"quoted\"",
            "line\nbreak",
            "tab\t",
            "back\\slash",
            "ünïcödé",
            "雲",
            "👾",
            "a/b/c",
            "null",
            "'; --");
    private static final List<String> PRICES =
            List.of("0", "0.10", "0.1", "1E+3", "12345678901234567890.123456789", "0.000000012");
    /** Rows in the collections inside of a row. */
    private static final int FEW = 3;

    private final RandomGenerator random;

    public RandomStates(RandomGenerator random) {
        this.random = random;
    }

    /** A pool with at most so many rows in each of its parts. */
    public PoolState state(PoolName pool, int most) {
        return record(
                PoolState.class,
                component ->
                        component.getName().equals("name") ? pool : inTime(value(component.getGenericType(), most)));
    }

    /** A state a step away: a part here and there was changed, the others are the same objects. */
    public PoolState next(PoolState from, int most) {
        PoolState other = state(from.name(), most);
        return record(PoolState.class, component -> {
            Object mine = read(component, from);
            Object others = read(component, other);
            return switch (mine) {
                case PoolName name -> name;
                case SortedMap<?, ?> rows -> random.nextInt(3) == 0 ? rows : rows(rows, (SortedMap<?, ?>) others);
                case List<?> rows -> inTime(list(rows, (List<?>) others));
                default -> random.nextInt(4) == 0 ? others : mine;
            };
        });
    }

    public Member member() {
        return (Member) value(Member.class, FEW);
    }

    public PoolEvent event(PoolName pool, Instant at) {
        return new PoolEvent(
                at,
                pool,
                one(List.of("machine.launched", "machine.ended", "size.set", "guard.closed")),
                one(TEXTS),
                random.nextBoolean() ? Optional.of(one(TEXTS)) : Optional.empty(),
                one(TEXTS));
    }

    /** Rows go, stay, change and come. */
    private SortedMap<Object, Object> rows(SortedMap<?, ?> from, SortedMap<?, ?> other) {
        SortedMap<Object, Object> rows = new TreeMap<>();
        rows.putAll(from);
        from.keySet().forEach(key -> {
            switch (random.nextInt(6)) {
                case 0 -> rows.remove(key);
                case 1 -> other.values().stream().findFirst().ifPresent(row -> rows.put(key, row));
                default -> {}
            }
        });
        other.forEach((key, row) -> {
            if (random.nextBoolean()) {
                rows.put(key, row);
            }
        });
        return rows;
    }

    /** What a pool lists is listed in the order of its times. */
    private static Object inTime(Object value) {
        if (!(value instanceof List<?> rows)) {
            return value;
        }
        List<Object> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(RandomStates::time));
        return sorted;
    }

    private static Instant time(Object row) {
        return switch (row) {
            case Gone gone -> gone.at();
            case Charge charge -> charge.called();
            default -> throw new IllegalArgumentException("when is a " + row.getClass() + "?");
        };
    }

    /** Rows go, change and come. */
    private List<Object> list(List<?> from, List<?> other) {
        List<Object> rows = new ArrayList<>();
        switch (random.nextInt(4)) {
            case 0 -> rows.addAll(from);
            case 1 -> rows.addAll(other);
            default -> {
                from.stream().filter(row -> random.nextInt(4) > 0).forEach(row -> rows.add(changed(row)));
                rows.addAll(other);
            }
        }
        return rows;
    }

    /** Now and then one component of a row is another. */
    private Object changed(Object row) {
        RecordComponent[] components = row.getClass().getRecordComponents();
        int which = random.nextInt(components.length * 2);
        return record(row.getClass().asSubclass(Record.class), component -> {
            boolean change =
                    which < components.length && components[which].getName().equals(component.getName());
            return change ? value(component.getGenericType(), FEW) : read(component, row);
        });
    }

    private Object value(Type type, int most) {
        if (type instanceof ParameterizedType generic) {
            return collection((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), most);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return one(Arrays.asList(plain.getEnumConstants()));
        }
        Object noun = noun(plain);
        return noun instanceof Class<?> ? record(plain.asSubclass(Record.class), this::component) : noun;
    }

    private Object component(RecordComponent component) {
        return value(component.getGenericType(), FEW);
    }

    private Object collection(Class<?> raw, Type[] of, int most) {
        if (raw == Optional.class) {
            return random.nextBoolean() ? Optional.of(value(of[0], FEW)) : Optional.empty();
        }
        int size = random.nextInt(most + 1);
        if (Map.class.isAssignableFrom(raw)) {
            Map<Object, Object> rows = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                rows.put(value(of[0], FEW), value(of[1], FEW));
            }
            return rows;
        }
        Collection<Object> rows = List.class.isAssignableFrom(raw) ? new ArrayList<>() : new TreeSet<>();
        for (int i = 0; i < size; i++) {
            rows.add(value(of[0], FEW));
        }
        return rows;
    }

    /** A value of a type that has rules of its own; the type itself if it has none. */
    private Object noun(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "boolean", "Boolean" -> random.nextBoolean();
            case "int", "Integer" -> random.nextInt(100_000);
            case "long", "Long" -> random.nextLong();
            case "String" -> one(TEXTS);
            case "BigDecimal" -> new BigDecimal(one(PRICES));
            case "Instant" -> instant();
            case "Duration" -> duration();
            case "PoolName" -> new PoolName("p" + letters(5));
            case "StoreId" -> new StoreId(letters(8));
            case "BatchId" -> new BatchId("b-" + letters(6));
            case "MachineName" -> new MachineName("m-" + letters(6));
            case "MachineId" -> new MachineId(one(List.of("i-", "zone-a:", "9~", "A.b_")) + letters(6));
            case "PoolDocument" -> document();
            case "Pace" -> pace();
            default -> type;
        };
    }

    private PoolDocument document() {
        int min = random.nextInt(10);
        int size = min + random.nextInt(100);
        Map<String, Integer> bounds = Map.of("min", min, "size", size, "max", size + random.nextInt(1000));
        return record(PoolDocument.class, component -> {
            Integer bound = bounds.get(component.getName());
            return bound == null ? component(component) : bound;
        });
    }

    private Pace pace() {
        return new Pace(
                new Rate(random.nextInt(1, 21), random.nextInt(51), Duration.ofMinutes(1)),
                new Rate(random.nextInt(1, 6), random.nextInt(26), Duration.ofMinutes(10)),
                new Rate(random.nextInt(1, 4), random.nextInt(11), Duration.ofMinutes(11)),
                new Rate(random.nextInt(1, 999), random.nextInt(999), duration().plusNanos(1)));
    }

    private Instant instant() {
        long nanos = one(List.of(0L, 500_000_000L, 123_456_000L, random.nextLong(1_000_000_000)));
        return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), nanos);
    }

    private Duration duration() {
        return one(List.of(
                Duration.ZERO,
                Duration.ofMinutes(10),
                Duration.ofDays(400),
                Duration.ofMillis(1_500),
                Duration.ofNanos(random.nextLong(1_000_000_000_000L))));
    }

    private String letters(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(Character.forDigit(random.nextInt(36), 36));
        }
        return text.toString();
    }

    private <V> V one(List<V> values) {
        return values.get(random.nextInt(values.size()));
    }

    private interface Components {
        Object of(RecordComponent component);
    }

    private static <R extends Record> R record(Class<R> type, Components components) {
        RecordComponent[] declared = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(declared).map(components::of).toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no " + type.getSimpleName() + " of " + Arrays.toString(values), e);
        }
    }

    private static Object read(RecordComponent component, Object from) {
        try {
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
